import { inNewDirectory, timeSynthesis } from './child';
import { Figure, figure, line, Point, takeTurns } from './statistics';
import type { Synthesis } from './synthesis-child';
import { ALL, ContenderId } from '../contenders/contender';

export interface SynthesisResult {
  readonly sizes: readonly { readonly contacts: number; readonly refusal?: string; readonly appMs?: Figure }[];
  /** The cost of one more contact, by least squares in each round. */
  readonly appMsPerContact: Figure;
  readonly cpuMsPerContact: Figure;
  readonly constructsPerContact: Figure;
}

/** Measures the synthesis of all contenders at all sizes. */
export async function measureSynthesis(
  sizes: number[], rounds: number, progress: (text: string) => void,
): Promise<Record<ContenderId, SynthesisResult>> {
  const subjects = sizes.flatMap(contacts => ALL.map(id => ({ id, contacts })));
  const runs = await takeTurns(subjects, rounds, ({ id, contacts }) => {
    progress(`synthesis of ${contacts}: ${id}`);
    return inNewDirectory(outdir => timeSynthesis(id, contacts, outdir));
  }, 1);
  const summaryOf = (id: ContenderId) => summarize([...runs].filter(([subject]) => subject.id === id).map(([{ contacts }, list]): Size => ({
    contacts, refusal: list.find(run => run.refusal !== undefined)?.refusal, runs: list.filter(run => run.refusal === undefined),
  })));
  return Object.fromEntries(ALL.map(id => [id, summaryOf(id)])) as Record<ContenderId, SynthesisResult>;
}

interface Size {
  readonly contacts: number;
  readonly refusal?: string;
  readonly runs: Synthesis[];
}

function summarize(sizes: Size[]): SynthesisResult {
  const timed = sizes.filter(({ refusal }) => refusal === undefined);
  const perContact = (value: (run: Synthesis) => number) => figure(timed[0].runs.map((_, round) =>
    line(timed.map(({ contacts, runs }): Point => [contacts, value(runs[round])])).slope));
  return {
    sizes: sizes.map(({ contacts, refusal, runs }) =>
      ({ contacts, refusal, appMs: refusal === undefined ? figure(runs.map(({ appMs }) => appMs)) : undefined })),
    appMsPerContact: perContact(({ appMs }) => appMs),
    cpuMsPerContact: perContact(({ cpuMs }) => cpuMs),
    constructsPerContact: perContact(({ constructs }) => constructs),
  };
}
