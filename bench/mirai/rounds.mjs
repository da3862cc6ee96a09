// Runs the processes of a question, one at a time.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Figures } from './figures.mjs';

const measure = fileURLToPath(new URL('measure.mjs', import.meta.url));

/** A process that takes longer hangs. */
const LIMIT_MS = 60_000;

/** @param {string[]} contenders those of the question that are to run */
export function runRounds(question, contenders, { rounds, ...budget }) {
  const figures = new Figures();
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another contender, so that none always follows the same one.
    const inTurn = contenders.map((_, at) => contenders[(at + round) % contenders.length]);
    if (question.together) {
      for (const contender of inTurn) {
        const printed = runProcess(question, contender, { round, ...budget });
        for (const variant of question.variants) figures.add(variant, contender, printed[variant]);
      }
    } else {
      for (const variant of question.variants) {
        for (const contender of inTurn) {
          figures.add(variant, contender, runProcess(question, contender, { variant, round, ...budget }));
        }
      }
    }
  }
  return figures;
}

function runProcess(question, contender, plan) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...(question.nodeOptions ?? []),
      measure,
      JSON.stringify({ question: question.name, contender, ...plan }),
    ],
    { encoding: 'utf8', timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) {
    const how = signal
      ? `was ended by ${signal}, after ${LIMIT_MS} ms if it did not end`
      : `failed with ${status}`;
    throw new Error(`${question.name} ${contender} ${how}\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout);
}
