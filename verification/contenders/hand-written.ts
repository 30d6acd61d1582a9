import { Stack } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ContactToDeclare, Contender, placeOf } from './contender';
import { declareCustomResource, sharedFunctionOf } from './hand-written-parts';

export function functionOf(stack: Stack): Function {
  return sharedFunctionOf(stack, 'index.js', 'answer.js');
}

class HandWrittenContact extends Construct {
  constructor(scope: Construct, id: string, contact: ContactToDeclare) {
    super(scope, id);
    declareCustomResource(this, 'Resource', functionOf(Stack.of(this)).functionArn, contact);
  }
}

export const contender: Contender = {
  declare(stack, contact) {
    new HandWrittenContact(...placeOf(stack, contact.path), contact);
  },
};
