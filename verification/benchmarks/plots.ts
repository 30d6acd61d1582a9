import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite' with { 'resolution-mode': 'import' };
import type { OperationResult } from './deployment';
import { creationGoal } from './goals';
import type { PauseResult } from './pauses';
import { leastSeconds, Quota, QUOTAS, textOf } from './quota';
import type { Results } from './results';
import { ALL, CONTENDERS, labelOf, measuredOn } from '../contenders/contender';

/** Grey and mid-tones only: they can be read on white and on black. */
const TEXT = '#808080';
const GRID = '#80808040';

type Row = Record<string, string | number>;

/** Draws the plots of the results, one file each, and returns their names. */
export async function plot(results: Results, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const [name, spec] of Object.entries(specs(results))) {
    writeFileSync(join(directory, `${name}.svg`), await render(spec));
  }
}

/** Both packages are ES modules, and this is not. */
export async function render(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = [await import('vega'), await import('vega-lite')];
  return new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' }).toSVG();
}

export const CONFIG: TopLevelSpec['config'] = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: GRID },
  axis: { labelColor: TEXT, titleColor: TEXT, gridColor: GRID, domainColor: TEXT, tickColor: TEXT, titleFontWeight: 'normal' },
  legend: { labelColor: TEXT, titleColor: TEXT, symbolStrokeWidth: 3, symbolOpacity: 1, labelLimit: 0 },
  title: { color: TEXT, fontSize: 13, anchor: 'start' },
  header: { labelColor: TEXT, titleColor: TEXT },
};

function colour(ids = ALL): object {
  return { field: 'contender', type: 'nominal', title: null, scale: { domain: ids.map(labelOf), range: ids.map(id => CONTENDERS[id].colour) } };
}

function lines(title: string, unit: string, rows: Row[], spread = false): TopLevelSpec {
  const ids = ALL.filter(id => rows.some(row => row.contender === labelOf(id)));
  const x = { field: 'contacts', type: 'quantitative', title: 'contacts in the stack' };
  return {
    width: 560,
    height: 300,
    title,
    data: { values: rows },
    config: CONFIG,
    layer: [
      ...(spread ? [{
        mark: { type: 'rule', opacity: 0.6 },
        encoding: { x, y: { field: 'min', type: 'quantitative' }, y2: { field: 'max' }, color: colour(ids) },
      }] : []),
      {
        mark: { type: 'line', point: { size: 30 } },
        encoding: {
          x,
          y: { field: 'value', type: 'quantitative', title: unit },
          color: colour(ids),
          strokeWidth: { condition: { test: `datum.contender === '${labelOf('ours')}'`, value: 3 }, value: 1.5 },
        },
      },
    ],
  } as TopLevelSpec;
}

function bars(rows: Row[]): TopLevelSpec {
  return {
    data: { values: rows },
    config: CONFIG,
    facet: { column: { field: 'figure', type: 'nominal', title: null, sort: null } },
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 200,
      height: 150,
      layer: [
        {
          mark: { type: 'bar', height: 16 },
          encoding: {
            x: { field: 'value', type: 'quantitative', title: null },
            y: { field: 'contender', type: 'nominal', title: null, sort: null },
            color: { ...colour(), legend: null },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4, color: TEXT },
          encoding: { x: { field: 'value', type: 'quantitative' }, y: { field: 'contender', type: 'nominal', sort: null }, text: { field: 'text' } },
        },
      ],
    },
  } as TopLevelSpec;
}

function specs(results: Results): Record<string, TopLevelSpec> {
  const { synthesis, templates, functions, deployments, pauses } = results;
  const synthesisRows = (figure: 'appMs' | 'maxRssMb') => ALL.flatMap(id => synthesis[id].sizes.flatMap((size): Row[] => {
    const value = size[figure];
    return value ? [{ contender: labelOf(id), contacts: size.contacts, value: value.median, min: value.min, max: value.max }] : [];
  }));
  const templateRows = ALL.flatMap(id => templates[id].sizes.map((size): Row =>
    ({ contender: labelOf(id), contacts: size.contacts, value: size.bytes / 1000 })));
  const limits = ALL.map((id): Row => {
    const { most = 0 } = templates[id];
    return { figure: 'contacts that a stack holds', contender: labelOf(id), value: most, text: String(most || '-') };
  });
  const functionRows = measuredOn('function').flatMap((id): Row[] => {
    const create = functions.results[id]?.events.Create;
    if (!create) { return []; }
    const row = (figure: string, value: number, unit: string): Row => ({ figure, contender: labelOf(id), value, text: `${value.toFixed(0)} ${unit}` });
    return [row('first answer', create.answerMs.median, 'ms'), row('peak memory', create.maxRssMb.median, 'MB')];
  });
  return {
    'synthesis-time': lines("Synthesis: the app's own time, median and spread", 'milliseconds', synthesisRows('appMs'), true),
    'synthesis-memory': lines('Synthesis: peak memory of the process', 'megabytes', synthesisRows('maxRssMb')),
    'template-bytes': lines('Size of the template', 'kilobytes', templateRows),
    'limits': bars(limits),
    'function': bars(functionRows),
    'creation': operationSpec('Creation', [...deployments.creations, deployments.twoStacks], QUOTAS.aws.put),
    'deletion': operationSpec('Deletion', deployments.deletions, QUOTAS.aws.delete),
    'pauses': pausesSpec(pauses.curves),
  };
}

/** Seconds of operations that succeeded as points, of those that failed as crosses, and the least that the quota takes as a line. */
function operationSpec(title: string, results: OperationResult[], quota: Quota): TopLevelSpec {
  const rows = results.flatMap(({ id, contacts, runs }) => runs.map((run): Row => ({
    contender: labelOf(id), contacts, seconds: run.seconds, outcome: /FAILED|ROLLBACK/.test(run.status) ? 'failed' : 'succeeded',
  })));
  const most = Math.max(...rows.map(row => Number(row.contacts)));
  const bound = [0, quota.burst, most].map(contacts => ({ contacts, seconds: leastSeconds(contacts, quota), bound: `the quota: ${textOf(quota)}` }));
  const x = { field: 'contacts', type: 'quantitative', title: 'contacts' };
  const y = { field: 'seconds', type: 'quantitative', title: 'seconds' };
  return {
    width: 560,
    height: 300,
    title: `${title} under the documented quota, every run`,
    config: CONFIG,
    layer: [
      {
        data: { values: bound },
        mark: { type: 'line', color: TEXT, strokeWidth: 1 },
        encoding: { x, y, strokeDash: { field: 'bound', type: 'nominal', title: null } },
      },
      {
        data: { values: rows },
        mark: { type: 'point', size: 60, strokeWidth: 2 },
        encoding: {
          x,
          y,
          color: colour(measuredOn('deployment')),
          shape: { field: 'outcome', type: 'nominal', title: null, scale: { domain: ['succeeded', 'failed'], range: ['circle', 'cross'] } },
        },
      },
    ],
  } as TopLevelSpec;
}

const FAMILY_COLOURS = ['#4c8fd6', '#9c6ade', '#2f9e6e', '#b5892e', '#e8590c'];

/** The calls of each policy over its time: a curve per family, and the corner that is aimed at. */
function pausesSpec(curves: PauseResult[]): TopLevelSpec {
  const families = [...new Set(curves.map(({ family }) => family))];
  const rows = curves.map(({ family, label, contacts, calls, ratio }, order): Row => ({
    family, label, order, batch: `${contacts} contacts`, calls: calls.median, ratio: ratio?.median ?? 0,
  }));
  const goals = [...new Set(curves.map(({ contacts }) => contacts))].map((contacts): Row => ({
    batch: `${contacts} contacts`, ratio: 1, to: creationGoal(contacts), calls: 2, most: 6,
  }));
  const x = { field: 'ratio', type: 'quantitative', title: 'time to the least that the quota takes', scale: { type: 'log', domain: [1, 5], clamp: true } };
  const y = { field: 'calls', type: 'quantitative', title: 'calls per contact', scale: { type: 'log', domain: [2, 100] } };
  return {
    data: { values: [...rows, ...goals] },
    config: CONFIG,
    title: 'Creation, simulated: what a pause saves in calls, and costs in time (grey: the goal)',
    facet: { column: { field: 'batch', type: 'nominal', title: null, sort: null } },
    spec: {
      width: 300,
      height: 300,
      layer: [
        {
          transform: [{ filter: 'isValid(datum.to)' }],
          mark: { type: 'rect', color: TEXT, opacity: 0.25 },
          encoding: { x, x2: { field: 'to' }, y, y2: { field: 'most' } },
        },
        {
          transform: [{ filter: 'isValid(datum.family)' }],
          mark: { type: 'line', point: { size: 30 }, clip: true },
          encoding: {
            x, y, order: { field: 'order' }, color: { field: 'family', type: 'nominal', title: null, scale: { domain: families, range: FAMILY_COLOURS } },
          },
        },
      ],
    },
  } as TopLevelSpec;
}
