import type { Caller } from '../core/caller';
import type { Integration } from '../core/integration';
import { ServiceError } from '../core/service-error';
import type { CommonErrors, Traffic } from '../core/traffic';
import type { Iam } from '../iam/service';

/** A value that was put. */
export interface Datum {
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  /** The time of the value, in sandbox time in milliseconds. */
  readonly at: number;
}

type Given = Record<string, unknown>;

/** The SDK's general error: the service's model does not declare a denial or throttling. */
const GENERAL = 'CloudWatchException';
const MAX_DATA = 1000;
const MAX_DIMENSIONS = 30;
const FIELDS = ['MetricName', 'Dimensions', 'Timestamp', 'Value', 'Unit'];
const ERRORS: CommonErrors = {
  throttled: () => new ServiceError(GENERAL, 'Rate exceeded', 400),
  internal: () => new ServiceError('InternalServiceException', 'Request processing has failed due to some unknown error.', 500),
};

/** CloudWatch metrics: PutMetricData, as `aws-sdk:cloudwatch` integrations of Step Functions call it. */
export class CloudWatch implements Integration {
  readonly service = 'cloudwatch';
  readonly actions = { putMetricData: ['Namespace', 'MetricData'] };
  /** Every value that was put, in the order of the calls. */
  readonly data: Datum[] = [];

  constructor(private readonly traffic: Traffic, private readonly iam: Iam) {}

  call(_action: string, input: Given, caller: Caller, region: string): Promise<unknown> {
    const { account, functionName } = caller;
    return this.traffic.call({ api: 'PutMetricData', account, functionName }, ERRORS, () => {
      this.data.push(...this.read(input, caller, region));
      return {};
    });
  }

  private read({ Namespace, MetricData = [] }: Given, caller: Caller, region: string): Datum[] {
    const namespace = text(Namespace, 'Namespace', 255);
    // The action takes no resource; its condition key holds one value.
    const refusal = this.iam.refusal(caller.account, caller.roleName, 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': namespace });
    if (refusal !== undefined) {
      throw new ServiceError(GENERAL, `User: ${caller.arn} is not authorized to perform: cloudwatch:PutMetricData ${refusal}`, 403);
    }
    const data = MetricData as Given[];
    if (namespace.startsWith('AWS/') || namespace.startsWith(':') || data.length > MAX_DATA) {
      throw invalid(namespace.startsWith('AWS/') ? 'The value AWS/ for parameter Namespace is invalid.' : 'The request is not valid.');
    }
    return data.map((datum, index) => ({ account: caller.account, region, namespace, ...this.datum(datum, `MetricData.member.${index + 1}`) }));
  }

  private datum(given: Given, path: string): Omit<Datum, 'account' | 'region' | 'namespace'> {
    const unknown = Object.keys(given).find(field => !FIELDS.includes(field));
    if (unknown !== undefined) {
      throw new Error(`The sandbox does not model ${path}.${unknown}`);
    }
    const { MetricName, Dimensions = [], Timestamp, Value, Unit = 'None' } = given;
    const dimensions = (Dimensions as Given[]).map(({ Name, Value: value }, index) => {
      const where = `${path}.Dimensions.member.${index + 1}`;
      return [text(Name, `${where}.Name`, 255), text(value, `${where}.Value`, 1024)];
    });
    if (typeof Value !== 'number' || dimensions.length > MAX_DIMENSIONS) {
      throw invalid(`At least one of the parameters must be specified, or there are too many: ${path}`);
    }
    return {
      metricName: text(MetricName, `${path}.MetricName`, 255),
      dimensions: Object.fromEntries(dimensions),
      value: Value,
      unit: String(Unit),
      at: Timestamp === undefined ? this.traffic.clock.now() : Date.parse(String(Timestamp)),
    };
  }
}

function text(value: unknown, name: string, most: number): string {
  if (typeof value !== 'string') {
    throw new ServiceError('MissingRequiredParameterException', `The parameter ${name} is required.`, 400);
  }
  if (value.length === 0 || value.length > most || !/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(value)) {
    throw invalid(`The value ${value} for parameter ${name} is invalid.`);
  }
  return value;
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400);
}
