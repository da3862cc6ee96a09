// Runs the processes of the bench, one at a time and in turn (A B C A B C …), and collects what they print.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './stats.mjs';

const measure = fileURLToPath(new URL('measure.mjs', import.meta.url));

/**
 * @param {object} options
 * @param {{ major: number, binary: string }[]} options.runtimes
 * @param {object[]} options.questions the modules of the questions
 * @param {number} options.repetitions
 * @param {{ warmMs: number, measureMs: number }} options.alone budget of a case that has its process for itself
 * @param {{ warmMs: number, measureMs: number }} options.together budget of each case in a process of its whole group
 * @param {(done: number, total: number) => void} options.onProgress
 * @returns figures[major][question] = { alone, shared, checks }, each by case
 */
export function repeat({ runtimes, questions, repetitions, alone, together, onProgress }) {
  const figures = {};
  const runs = [];
  for (const { major, binary } of runtimes) {
    figures[major] = {};
    for (const question of questions) {
      const into = { alone: {}, shared: {}, checks: {} };
      figures[major][question.name] = into;
      for (const group of question.groups) {
        for (const id of group) {
          runs.push({ binary, question, cases: [id], budget: alone, into, kind: 'alone' });
        }
        if (question.measureGroups) {
          runs.push({ binary, question, cases: group, budget: together, into, kind: 'shared' });
        }
      }
    }
  }
  for (let done = 0; done < runs.length * repetitions; done++) {
    onProgress(done, runs.length * repetitions);
    const { into, kind, ...run } = runs[done % runs.length];
    for (const [id, { samples, check }] of Object.entries(runProcess(run))) {
      into[kind][id] ??= { medians: [], samples: [] };
      const figure = into[kind][id];
      figure.medians.push(median(samples));
      figure.samples.push(...samples);
      into.checks[id] = check;
    }
  }
  return figures;
}

function runProcess({ binary, question, cases, budget }) {
  const plan = { question: question.name, cases, ...budget };
  const { status, stdout, stderr } = spawnSync(binary, [measure, JSON.stringify(plan)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${question.name} ${cases.join(' ')} failed\n${stderr}`);
  return JSON.parse(stdout);
}
