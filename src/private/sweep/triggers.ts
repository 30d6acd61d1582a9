import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ACCOUNT_EVENTS, deploymentsOf } from './account-events';
import { SECONDS_AFTER_DEPLOYMENT } from './machine/tuning';
import { beginsAtOnce } from './schedule';
import { environmentOf } from '../tree';

/* What starts the state machine. Each function returns what must wait until the machine may work. */

/** Sweeps all accounts at once, and then on the schedule. */
export function sweepOnSchedule(scope: Construct, stateMachine: IStateMachine, schedule: ScheduleExpression): Schedule[] {
  const { partition, region, account } = environmentOf(Stack.of(scope));
  const role = new Role(scope, 'ScheduleRole', {
    description: 'Starts the sweeps of the alternate contacts of the organization',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/default` },
      },
    }),
  });
  // A rate starts as soon as the schedule is there, and then needs the policy of its role.
  const grant = stateMachine.grantStartExecution(role);
  const sweepAt = (id: string, description: string, expression: ScheduleExpression) => {
    const target = new StepFunctionsStartExecution(stateMachine, { input: ScheduleTargetInput.fromObject({}), role });
    const trigger = new Schedule(scope, id, { description, schedule: expression, target });
    grant.applyBefore(trigger);
    return trigger;
  };
  return [
    sweepAt('Schedule', 'Sweeps the alternate contacts of the organization', schedule),
    // A rate starts at once. A rule of the same stack may miss that the stack is complete.
    ...beginsAtOnce(schedule.expressionString) ? []
      : [sweepAt('FirstSweep', 'Sweeps the alternate contacts of the organization at once, and once a year', ScheduleExpression.rate(Duration.days(365)))],
  ];
}

/** Sweeps all accounts after each deployment of the stack, and each rollback. */
export function sweepAfterDeployments(scope: Construct, stateMachine: IStateMachine): Rule {
  return new Rule(scope, 'Deployed', {
    description: 'Sweeps the alternate contacts of the organization after a deployment of this stack, or a rollback',
    eventPattern: deploymentsOf(Stack.of(scope).stackId),
    targets: [new SfnStateMachine(stateMachine, { input: RuleTargetInput.fromObject({ afterSeconds: SECONDS_AFTER_DEPLOYMENT }) })],
  });
}

/** Sets the contacts of an account when it is created, joins, moves, or is enrolled by Control Tower. */
export function sweepOnAccountEvents(scope: Construct, stateMachine: IStateMachine): Rule[] {
  return ACCOUNT_EVENTS.map(({ id, description, pattern, input }) =>
    new Rule(scope, id, { description, eventPattern: pattern, targets: [new SfnStateMachine(stateMachine, { input })] }));
}
