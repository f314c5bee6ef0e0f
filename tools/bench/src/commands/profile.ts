import { withEntries } from '../contestants/contestants';
import { interleave } from '../contestants/interleave';
import { round } from '../measure-steps';
import { median } from '../median';
import { profileParts, type ProfileReply } from '../profile-parts';
import type { ProfileRun } from '../run';
import type { Command } from './command';

export const profile: Command<ProfileRun> = {
  summary: 'where the time of a training step goes, kernel by kernel',
  defaults: { variants: 'relaxed:2,relaxed:1,composed:1', rounds: 7 },
  measure: ({ entries, settings, rounds }) =>
    withEntries(entries, 'profile', settings, async (processes) => {
      const replies = await interleave<ProfileReply>(processes, 'step', rounds);
      const results = entries.map(({ name, threads }, i) => {
        const taken = (replies[i] ?? []).filter((reply) => reply !== null);
        const description = processes[i]?.description ?? '';
        return { name, threads, description, parts: taken.map(roundedParts), kernels: kernelMedians(taken) };
      });
      return { command: 'profile', results };
    }),
};

function roundedParts(reply: ProfileReply) {
  const { products, elementWise, outside } = profileParts(reply);
  return { products: round(products), elementWise: round(elementWise), outside: round(outside) };
}

function kernelMedians(replies: readonly ProfileReply[]) {
  const names = new Set(replies.flatMap(({ kernels }) => Object.keys(kernels)));
  return [...names]
    .map((name) => ({
      name,
      milliseconds: round(median(replies.map(({ kernels }) => kernels[name]?.milliseconds ?? 0))),
      calls: median(replies.map(({ kernels }) => kernels[name]?.calls ?? 0)),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
