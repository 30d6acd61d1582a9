import { Sandbox, SandboxOptions, StackResult, Template, VirtualClock } from '../../../sandbox';
import { openSandbox } from '../../open-sandbox';

export const ACCOUNT = '111111111111';
export const MEMBER = '222222222222';
export const DAY = 24 * 3600;
export const SERVICES = ['events.amazonaws.com', 'scheduler.amazonaws.com'];
/** A pattern of all events of Organizations. */
export const ORGANIZATIONS = { source: ['aws.organizations'] };

type Resources = NonNullable<Template['Resources']>;
type Resource = Resources[string];

/** A role that some services may assume, and that allows these actions. */
export function role(actions: string | string[], ...service: string[]): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
      Policies: [{ PolicyName: 'Inline', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }],
    },
  };
}

const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** A state machine that outputs its input and its account, and a role to start it. */
export const MACHINE = {
  MachineRole: role('account:*', 'states.amazonaws.com'),
  StartRole: role(['states:StartExecution', 'events:PutEvents'], ...SERVICES),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      DefinitionString: {
        'Fn::Join': ['', [
          '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"input":"{% $states.input %}","own":"',
          { Ref: 'AWS::AccountId' },
          '"},"End":true}}}',
        ]],
      },
      RoleArn: arn('MachineRole'),
    },
  },
};

/** A rule that starts the state machine. */
export function rule(pattern: object, target: object = {}, more: object = {}): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: pattern, Targets: [{ Id: 'Target', Arn: { Ref: 'Machine' }, RoleArn: arn('StartRole'), ...target }], ...more },
  };
}

/** A schedule that starts the state machine. */
export function schedule(expression: string, more: object = {}): Resource {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { Ref: 'Machine' }, RoleArn: arn('StartRole'), Input: '{"by":"schedule"}' },
      ...more,
    },
  };
}

/** A sandbox with the state machine, on a clock that jumps. */
export class MachineBench {
  static async open(options: Partial<SandboxOptions> = {}): Promise<MachineBench> {
    const clock = new VirtualClock();
    return new MachineBench(clock, await openSandbox({ clock, managementAccount: ACCOUNT, memberAccounts: [MEMBER], ...options }));
  }

  private constructor(public readonly clock: VirtualClock, public readonly sandbox: Sandbox) {}

  public deploy(resources: Resources, more: Partial<Parameters<Sandbox['deploy']>[0]> = {}): Promise<StackResult> {
    return this.clock.until(this.sandbox.deploy({ stackName: 'Stack', account: ACCOUNT, template: { Resources: { ...MACHINE, ...resources } }, ...more }));
  }

  /** The ARN of the state machine. */
  public get machineArn(): string {
    return this.sandbox.stacks.find('Stack', ACCOUNT, 'us-east-1')?.resources.get('Machine')?.physicalId ?? '';
  }

  /** The inputs of all executions. */
  public get inputs(): unknown[] {
    return this.sandbox.stepFunctions.executions.map(({ input }) => input);
  }
}
