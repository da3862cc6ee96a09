// Runs the questions in the browsers, each case in a page of its own and in turn (A B C A B C …), and collects what the
// pages have measured in the form of ../repeat.mjs.
import { median } from '../stats.mjs';
import { bundlePages } from './bundle.mjs';
import { measureInBrowser } from './serve.mjs';

/**
 * @param {object} options
 * @param {string[]} options.browsers
 * @param {object[]} options.questions the modules of the questions
 * @param {number} options.repetitions
 * @param {{ warmMs: number, measureMs: number, sampleMs: number }} options.budget of a page
 * @param {(browser: string, done: number, total: number) => void} options.onProgress
 * @returns figures[browser][question] = { alone, checks }, each by case
 */
export async function repeatInBrowsers({ browsers, questions, repetitions, budget, onProgress }) {
  const scripts = await bundlePages();
  const figures = {};
  for (const browser of browsers) {
    figures[browser] = {};
    const round = [];
    for (const question of questions) {
      const into = { alone: {}, checks: {} };
      figures[browser][question.name] = into;
      for (const id of (question.browserGroups ?? question.groups).flat()) {
        const plan = { question: question.name, cases: [id], ...budget };
        const script = question.isLowered(id) ? 'lowered' : 'plain';
        round.push({ site: `${question.name}/${id}`, script, plan, into });
      }
    }
    const runs = Array.from({ length: repetitions }, () => round).flat();
    let done = 0;
    await measureInBrowser(browser, scripts, runs, ({ into }, results) => {
      for (const [id, { samples, check }] of Object.entries(results)) {
        into.alone[id] ??= { medians: [], samples: [] };
        into.alone[id].medians.push(median(samples));
        into.alone[id].samples.push(...samples);
        into.checks[id] = check;
      }
      done += 1;
      onProgress(browser, done, runs.length);
    });
  }
  return figures;
}
