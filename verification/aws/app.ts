/* The stack of the chapter that $CHAPTER names, in the account and region of $TRY_ENVIRONMENT. */
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib';
import { CHAPTERS, STACK_NAME } from './chapters';
import { TAG } from './stacks';

const chapter = CHAPTERS.find(({ check }) => check === process.env.CHAPTER);
if (!chapter?.declare) { throw new Error(`no chapter "${process.env.CHAPTER}" declares anything`); }
const [account, region] = (process.env.TRY_ENVIRONMENT ?? '').split('/');
const stack = new Stack(new App(), STACK_NAME, {
  env: { account, region }, synthesizer: new BootstraplessSynthesizer(), tags: { [TAG]: 'own-account' },
});
chapter.declare(stack, account);
