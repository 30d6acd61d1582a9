/* The demo: the life of one stack of contacts, then a whole organization, both in the sandbox. */
import { demonstrateStack } from './one-stack';
import { demonstrateOrganization } from './organization';
import { green, heading, print, red, wrap } from './output';

async function main(): Promise<void> {
  const stack = await demonstrateStack();
  const organization = await demonstrateOrganization();
  const wrong = [...stack.wrong, ...organization.wrong];
  const hours = Math.round((stack.simulatedSeconds + organization.simulatedSeconds) / 3600);
  heading('summary', `The demo simulated ${hours} hours. It ran on this machine and called nothing in AWS.`);
  print(`  One stack: ${stack.deployments} deployments, ${stack.rolledBack} of which failed and were rolled back.`);
  print(`  An organization: ${organization.accounts} accounts, ${organization.sweeps} sweeps, ${organization.contactsSet} contacts set.`);
  if (wrong.length === 0) {
    print(green('  After every step, each account had exactly the contacts that it should have.'));
  } else {
    wrong.forEach(text => wrap(`Not as it should be: ${text}`, 2).forEach(line => print(red(line))));
    process.exitCode = 1;
  }
}

void main();
