// Runs every page in one browser, one after another.
import { makeTally } from '../engines/tally.mjs';
import { launchBrowser } from './launch.mjs';

const SILENCE_LIMIT = 90_000;

/**
 * Waits for the pages of a browser to come to their end, for the browser to end, or for silence.
 *
 * @param {string} name - of the browser
 * @param {{ name: string, column: (event: object) => string }[]} tasks
 */
export function startRun(name, tasks) {
  const tally = makeTally(name);
  let at = 0;
  let heard;
  let done;
  const finished = new Promise((resolve) => {
    done = resolve;
  });

  return {
    /** Takes events of the page with the number `page`. */
    take(page, events) {
      heard = Date.now();
      at = page;
      for (const event of events) {
        if (!event.end) tally.add(tasks[page].column(event), tasks[page].name, event);
        else if (page === tasks.length - 1) done();
      }
    },

    /** Starts the browser on `url`, and closes it in any case. */
    async run(url) {
      let browser;
      try {
        browser = await launchBrowser(name, url);
      } catch (error) {
        tally.fail(name, error.message);
        return tally;
      }
      heard = Date.now();
      const silence = watchSilence(() => heard);
      const failure = await Promise.race([
        finished,
        browser.ended.then((reason) => `the browser ended: ${reason}\n${browser.output()}`),
        silence.kept.then(() => `killed after ${SILENCE_LIMIT / 1000} s without a word\n${browser.output()}`),
      ]);
      silence.stop();
      await browser.close();
      if (failure) tally.fail(tasks[at].name, `did not run to its end: ${failure}`);
      else tally.finish();
      return tally;
    },
  };
}

function watchSilence(lastHeard) {
  let timer;
  const kept = new Promise((resolve) => {
    timer = setInterval(() => {
      if (Date.now() - lastHeard() > SILENCE_LIMIT) resolve();
    }, 1000);
  });
  return { kept, stop: () => clearInterval(timer) };
}
