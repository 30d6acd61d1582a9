import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite' with { 'resolution-mode': 'import' };
import { CONTENDERS, LABELS } from './contenders/contender';
import { DEPLOYED, PUT_RATE } from './deployment';
import { FUNCTIONS } from './function';
import { DEPLOYMENT_GOAL } from './goals';
import type { Results } from './results';

/** Grey and mid-tones only: they can be read on white and on black. */
const TEXT = '#808080';
const GRID = '#80808040';
const COLOURS = ['#e8590c', '#4c8fd6', '#9c6ade', '#2f9e6e', '#8a8a8a', '#b5892e'];

type Row = Record<string, string | number>;

/** Draws the plots of the results, one file each, and returns their names. */
export async function plot(results: Results, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const [name, spec] of Object.entries(specs(results))) {
    writeFileSync(join(directory, `${name}.svg`), await render(spec));
  }
}

/** Both packages are ES modules, and this is not. */
async function render(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = [await import('vega'), await import('vega-lite')];
  return new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' }).toSVG();
}

const CONFIG: TopLevelSpec['config'] = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: GRID },
  axis: { labelColor: TEXT, titleColor: TEXT, gridColor: GRID, domainColor: TEXT, tickColor: TEXT, titleFontWeight: 'normal' },
  legend: { labelColor: TEXT, titleColor: TEXT, symbolStrokeWidth: 3, symbolOpacity: 1, labelLimit: 0 },
  title: { color: TEXT, fontSize: 13, anchor: 'start' },
  header: { labelColor: TEXT, titleColor: TEXT },
};

function colour(labels: string[], all: string[] = Object.values(LABELS)): object {
  return { field: 'contender', type: 'nominal', title: null, scale: { domain: labels, range: labels.map(label => COLOURS[all.indexOf(label)]) } };
}

function lines(title: string, unit: string, rows: Row[], spread = false): TopLevelSpec {
  const labels = Object.values(LABELS).filter(label => rows.some(row => row.contender === label));
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
        encoding: { x, y: { field: 'min', type: 'quantitative' }, y2: { field: 'max' }, color: colour(labels) },
      }] : []),
      {
        mark: { type: 'line', point: { size: 30 } },
        encoding: {
          x,
          y: { field: 'value', type: 'quantitative', title: unit },
          color: colour(labels),
          strokeWidth: { condition: { test: `datum.contender === '${LABELS.ours}'`, value: 3 }, value: 1.5 },
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
            color: { ...colour(Object.values(LABELS)), legend: null },
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
  const { synthesis, templates, functions, deployments } = results;
  const synthesisRows = (figure: 'appMs' | 'maxRssMb') => CONTENDERS.flatMap(id => synthesis[id].sizes.flatMap((size): Row[] => {
    const value = size[figure];
    return value ? [{ contender: LABELS[id], contacts: size.contacts, value: value.median, min: value.min, max: value.max }] : [];
  }));
  const templateRows = CONTENDERS.flatMap(id => templates[id].sizes.map((size): Row =>
    ({ contender: LABELS[id], contacts: size.contacts, value: size.bytes / 1000 })));
  const limits = CONTENDERS.map((id): Row => {
    const { most = 0 } = templates[id];
    return { figure: 'contacts that a stack holds', contender: LABELS[id], value: most, text: String(most || '-') };
  });
  const functionRows = FUNCTIONS.flatMap((id): Row[] => {
    const create = functions.results[id]?.events.Create;
    if (!create) return [];
    const row = (figure: string, value: number, unit: string): Row => ({ figure, contender: LABELS[id], value, text: `${value.toFixed(0)} ${unit}` });
    return [row('first answer', create.answerMs.median, 'ms'), row('peak memory', create.maxRssMb.median, 'MB')];
  });
  return {
    'synthesis-time': lines("Synthesis: the app's own time, median and spread", 'milliseconds', synthesisRows('appMs'), true),
    'synthesis-memory': lines('Synthesis: peak memory of the process', 'megabytes', synthesisRows('maxRssMb')),
    'template-bytes': lines('Size of the template', 'kilobytes', templateRows),
    'limits': bars(limits),
    'function': bars(functionRows),
    'deployment': deploymentSpec(deployments),
  };
}

/** Seconds of deployments that succeeded as points, of those that failed as crosses, and the bound of the quota as a line. */
function deploymentSpec({ results, twoStacks }: Results['deployments']): TopLevelSpec {
  const rows = [...results, twoStacks].flatMap(({ id, contacts, runs }) => runs.map((run): Row => ({
    contender: LABELS[id], contacts, seconds: run.seconds, outcome: /^CREATE_COMPLETE(, CREATE_COMPLETE)?$/.test(run.status) ? 'deployed' : 'failed',
  })));
  const most = Math.max(...rows.map(row => Number(row.contacts)));
  const bound = [0, most].flatMap(contacts => [
    { contacts, seconds: contacts / PUT_RATE, bound: 'the quota: 5 a second' },
    { contacts, seconds: DEPLOYMENT_GOAL * contacts / PUT_RATE, bound: '1.25 x the quota' },
  ]);
  const x = { field: 'contacts', type: 'quantitative', title: 'contacts deployed' };
  const y = { field: 'seconds', type: 'quantitative', title: 'seconds' };
  return {
    width: 560,
    height: 300,
    title: 'Deployment under the documented quotas, every run',
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
          color: colour(DEPLOYED.map(id => LABELS[id])),
          shape: { field: 'outcome', type: 'nominal', title: null, scale: { domain: ['deployed', 'failed'], range: ['circle', 'cross'] } },
        },
      },
    ],
  } as TopLevelSpec;
}
