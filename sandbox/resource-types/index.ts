import { alternateContact } from './account';
import { rule } from './events';
import { inlinePolicy, managedPolicy, role } from './iam';
import { lambdaFunction } from './lambda';
import { account } from './organizations';
import { record } from './record';
import { schedule } from './scheduler';
import { stateMachine } from './step-functions';
import type { ContactStore } from '../account/contacts';
import { isCustom, type ResourceType } from '../cloudformation/resource';
import type { EventBridge } from '../events/event-bridge';
import type { Scheduler } from '../events/scheduler';
import type { Iam } from '../iam/service';
import type { Lambda } from '../lambda/service';
import type { Organization } from '../organizations/organization';
import type { StepFunctions } from '../step-functions/service';

/** The services that create the resources. */
interface Services {
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly contacts: ContactStore;
  readonly organization: Organization;
  readonly stepFunctions: StepFunctions;
  readonly eventBridge: EventBridge;
  readonly scheduler: Scheduler;
  readonly customResources: ResourceType;
}

/**
 * The resource types that the sandbox models, apart from nested stacks, which belong to CloudFormation's engine. To add a type, write it in
 * the file of its service and list it here. A resource of any other type exists, but does nothing.
 */
export function resourceTypes(services: Services): (type: string) => ResourceType {
  const { iam, lambda, contacts, organization, stepFunctions, eventBridge, scheduler, customResources } = services;
  const types: Record<string, ResourceType> = {
    'AWS::Events::Rule': rule(eventBridge),
    'AWS::IAM::ManagedPolicy': managedPolicy(iam),
    'AWS::IAM::Policy': inlinePolicy(iam),
    'AWS::IAM::Role': role(iam),
    'AWS::Lambda::Function': lambdaFunction(lambda, iam),
    'AWS::Organizations::Account': account(organization),
    'AWS::Scheduler::Schedule': schedule(scheduler),
    'AWS::StepFunctions::StateMachine': stateMachine(stepFunctions),
    'AwsCommunity::Account::AlternateContact': alternateContact(contacts),
  };
  const unlisted = record();
  return type => isCustom(type) ? customResources : types[type] ?? unlisted;
}
