import { QUOTAS, textOf } from './quota';
import type { Results } from './results';
import { line, Point } from './statistics';

export interface Growth {
  readonly name: string;
  readonly slope: string;
  readonly r2: number;
  readonly exponent: number;
  readonly verdict: string;
  readonly madeOf: string;
}

/** The curves of this library's figures over the number of contacts. */
export function growth({ synthesis: { ours }, templates, functions, deployments }: Results): Growth[] {
  const synthesis = (value: (size: typeof ours.sizes[number]) => number | undefined): Point[] =>
    ours.sizes.map(size => [size.contacts, value(size) ?? 0]);
  const template = (value: 'bytes' | 'resources'): Point[] => templates.ours.sizes.map(size => [size.contacts, size[value]]);
  const deployed = deployments.creations.filter(({ id }) => id === 'ours');
  const deleted = deployments.deletions.filter(({ id }) => id === 'ours');
  const operation = (results: typeof deployed, value: 'seconds' | 'calls'): Point[] =>
    results.map(result => [result.contacts, result[value]?.median ?? 0]);
  return [
    curve('synthesis, time of the app', synthesis(size => size.appMs?.median), 'ms', 2,
      "two constructs and their resolution into the template; the JSON schema that checks each construct's metadata; the ARN in the role's policy"),
    curve('synthesis, processor time', synthesis(size => size.cpuMs?.median), 'ms', 2, 'the same'),
    curve('synthesis, peak memory', synthesis(size => size.maxRssMb?.median), 'MB', 3,
      'constructs, tokens and the text of the template; V8 decides when it collects'),
    curve('template', template('bytes'), 'bytes', 0, 'the resource with its six values, the path metadata, and the ARN in the policy'),
    curve('resources', template('resources'), '', 3, 'the contact; one managed policy for every 130 or so accounts'),
    curve('calls of one Delete', functions.callsOfDelete.map(({ resources, calls }) => [resources, calls]), '', 3,
      'one page of ListStackResources for each 100 resources'),
    curve('creation, seconds', operation(deployed, 'seconds'), 's', 3, `the quota of Put, ${textOf(QUOTAS.aws.put)}`),
    curve('creation, calls', operation(deployed, 'calls'), '', 1,
      'those that succeed, and those that are throttled: the more contacts, the longer each waits and asks again'),
    curve('deletion, seconds', operation(deleted, 'seconds'), 's', 3, `the quota of Delete, ${textOf(QUOTAS.aws.delete)}`),
    curve('deletion, calls', operation(deleted, 'calls'), '', 1, 'a Delete that succeeds, and those that are throttled: pauses fit the batch'),
  ];
}

function curve(name: string, points: Point[], unit: string, digits: number, madeOf: string): Growth {
  const { slope, r2 } = line(points);
  const [[first, base], [x1, y1], [x2, y2]] = [points[0], points[points.length - 2], points[points.length - 1]];
  const exponent = points.length > 2 ? Math.log((y2 - base) / (y1 - base)) / Math.log((x2 - first) / (x1 - first)) : 1;
  const verdict = !Number.isFinite(exponent) ? 'in steps'
    : exponent < 0.85 ? 'less than linearly' : exponent <= 1.15 ? 'linearly' : 'more than linearly';
  return { name, slope: `${slope.toFixed(digits)} ${unit}`.trim(), r2, exponent, verdict, madeOf };
}
