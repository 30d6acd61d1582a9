import { verifyStory } from './verify-story';

describe('the CDK CLI on ministack, with the alternate contacts of moto', () => verifyStory('moto'));
