import { verifyStory } from './verify-story';

describe("the CDK CLI on ministack, with the sandbox's alternate contacts, which have AWS's stricter rules", () => verifyStory('sandbox'));
