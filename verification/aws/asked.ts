import { AccessAnalyzerClient, PolicyType, ValidatePolicyCommand } from '@aws-sdk/client-accessanalyzer';
import { StateMachineType, ValidateStateMachineDefinitionCommand } from '@aws-sdk/client-sfn';
import type { CheckResult } from './checks';
import { Aws, stepFunctions } from './clients';
import { definitionsFor, policiesFor } from './synthesized';
import { testStates } from './test-states';

/** Asks AWS about definitions and policies. It creates nothing. */
export async function ask(aws: Aws, report: (result: CheckResult) => void): Promise<void> {
  report(await validateDefinitions(aws));
  report(await testStates(aws));
  report(await validatePolicies(aws));
}

async function validateDefinitions(aws: Aws): Promise<CheckResult> {
  const client = stepFunctions(aws);
  const definitions = Object.entries(definitionsFor(aws));
  const answers = await Promise.all(definitions.map(async ([name, definition]) => {
    const request = new ValidateStateMachineDefinitionCommand({ definition, type: StateMachineType.STANDARD });
    const { result, diagnostics = [] } = await client.send(request);
    const found = diagnostics.map(({ severity, code, location }) => `${name}: ${severity} ${code} at ${location}`);
    return { text: `${name} ${result}`, isOk: result === 'OK', diagnostics: found };
  }));
  return {
    check: 'validate-definition',
    answer: [...answers.map(({ text }) => text), ...answers.flatMap(({ diagnostics }) => diagnostics)].join('; '),
    differences: answers.filter(({ isOk }) => !isOk).flatMap(({ text, diagnostics }) => [text, ...diagnostics]),
  };
}

async function validatePolicies(aws: Aws): Promise<CheckResult> {
  const client = new AccessAnalyzerClient({ region: aws.region });
  const policies = Object.entries(policiesFor(aws));
  const found = (await Promise.all(policies.map(async ([name, policy]) => {
    const request = new ValidatePolicyCommand({ policyDocument: JSON.stringify(policy), policyType: PolicyType.IDENTITY_POLICY });
    const { findings = [] } = await client.send(request);
    return findings.map(({ findingType = '', issueCode }) =>
      ({ isError: ['ERROR', 'SECURITY_WARNING'].includes(findingType), text: `${name}: ${findingType} ${issueCode}` }));
  }))).flat();
  return {
    check: 'validate-policies',
    answer: `${policies.length} policies; ${found.map(({ text }) => text).join('; ') || 'no finding'}`,
    differences: found.filter(({ isError }) => isError).map(({ text }) => text),
  };
}
