/* The .NET package is generated and read, but not built, because only that would need the .NET SDK. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, pack, PACKAGES } from './app';

const { name, version, license, peerDependencies, jsii: { targets: { dotnet: { namespace, packageId } } } } = manifest;
const folder = join(PACKAGES, 'dotnet', packageId);

/** `^2.200.0` in the notation of NuGet. */
function nugetRange(range: string): string {
  const [, from, major] = /^\^((\d+)\..*)$/.exec(range) ?? [];
  return `[${from},${Number(major) + 1}.0.0)`;
}

beforeAll(() => pack('dotnet', '--code-only'));

test('the project has the id, version, license and dependencies of the library', () => {
  const project = readFileSync(join(folder, `${packageId}.csproj`), 'utf8');
  for (const line of [
    `<PackageId>${packageId}</PackageId>`,
    `<PackageVersion>${version}</PackageVersion>`,
    `<PackageLicenseExpression>${license}</PackageLicenseExpression>`,
    `<PackageReference Include="Amazon.CDK.Lib" Version="${nugetRange(peerDependencies['aws-cdk-lib'])}" />`,
    `<PackageReference Include="Constructs" Version="${nugetRange(peerDependencies.constructs)}" />`,
    '<PackageReference Include="Amazon.JSII.Runtime" ',
    `<EmbeddedResource Include="${name}-${version}.tgz" />`,
  ]) { expect(project).toContain(line); }
});

const TYPES = [
  'AlternateContact', 'AlternateContacts', 'AlternateContactProvider', 'AlternateContactType', 'AlternateContactOverride',
  'OrganizationAlternateContacts', 'OrganizationEventForwarder', 'SweepMode',
];

test.each(TYPES)('%s is in the namespace of the library', type => {
  const code = readFileSync(join(folder, namespace, `${type}.cs`), 'utf8');
  expect(code).toContain(`namespace ${namespace}\n`);
  expect(code).toMatch(new RegExp(`public (class|enum) ${type}\\b`));
});
