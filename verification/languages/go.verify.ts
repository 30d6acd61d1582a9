import { join } from 'node:path';
import { manifest, mustRunIn, PACKAGES, pin, verifyApp } from './app';

interface GoModule {
  readonly Require: { readonly Path: string; readonly Version: string }[];
}

verifyApp({
  language: 'go',
  // A Go package is source code: nothing is built.
  pack: ['go', '--code-only'],
  source: 'app.go',
  exception: /panic: /,
  async install(folder) {
    const { version, jsii } = manifest;
    const go = (...options: string[]) => mustRunIn(folder, ['go', ...options]);
    // The last part of the module.
    const packageName = 'cdkalternatecontact';
    const module = `${jsii.targets.go.moduleName}/${packageName}`;
    pin(join(folder, 'go.mod'), /(?<=\/cdkalternatecontact )v\S+/, `v${version}`);
    const replacements = [`${module}=${join(PACKAGES, 'go', packageName)}`];

    // The packed go.mod requires the newest modules with the CDK's assets, which a module proxy may not have yet. The versions that aws-cdk-lib
    // requires are good enough: nothing of them is in the template.
    const cdk = 'github.com/aws/aws-cdk-go/awscdk/v2';
    const cdkVersion = (JSON.parse(await go('mod', 'edit', '-json')) as GoModule).Require.find(({ Path }) => Path === cdk)?.Version;
    const { GoMod } = JSON.parse(await go('mod', 'download', '-json', `${cdk}@${cdkVersion}`)) as { GoMod: string };
    for (const { Path, Version } of (JSON.parse(await go('mod', 'edit', '-json', GoMod)) as GoModule).Require) {
      if (Path.startsWith('github.com/cdklabs/')) { replacements.push(`${Path}=${Path}@${Version}`); }
    }
    await go('mod', 'edit', ...replacements.map(replacement => `-replace=${replacement}`));
    await go('mod', 'tidy');
    await go('vet', '.');
    return {};
  },
});
