// Has a browser measure one plan after another. Each case has an address of the loopback for itself, which makes it a
// site of its own: browsers give a site its own process, so that no case sees what another has done to the engine.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { launchBrowser } from '../../test/browsers/launch.mjs';

const TIMEOUT_MS = 60_000;

const headers = {
  'Cache-Control': 'no-store',
  // Pages that are isolated from all others have a process of their own for certain, and finer clocks.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * @param {string} browser its name
 * @param {Record<string, string>} scripts the bundles of the pages, by name
 * @param {{ site: string, script: string, plan: object }[]} runs in this order
 * @param {(run: object, results: object) => void} onResults called for each with what its page has measured
 */
export async function measureInBrowser(browser, scripts, runs, onResults) {
  const sites = new Map();
  let at = 0;
  let settle;
  const finished = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  const addressOf = ({ site, script, plan }) =>
    `${sites.get(site).origin}/${script}#${encodeURIComponent(JSON.stringify(plan))}`;

  async function handle(request, response) {
    const [, name, ending] = request.url.match(/^\/(\w+)(\.js)?$/) ?? [];
    if (name === 'answer') {
      const { error, results } = JSON.parse(await text(request));
      if (error) throw new Error(error);
      onResults(runs[at], results);
      at += 1;
      timer.refresh();
      if (at === runs.length) settle.resolve();
      response.writeHead(200, headers).end(JSON.stringify({ next: runs[at] && addressOf(runs[at]) }));
    } else if (name in scripts) {
      const type = ending ? 'text/javascript' : 'text/html';
      const body = ending
        ? scripts[name]
        : `<!doctype html><title>${name}</title><script src="/${name}.js"></script>`;
      response.writeHead(200, { ...headers, 'Content-Type': `${type}; charset=utf-8` }).end(body);
    } else response.writeHead(404).end();
  }

  const fail = (error) =>
    settle.reject(new Error(`${browser}: ${JSON.stringify(runs[at])}`, { cause: error }));
  const timer = setTimeout(() => fail(new Error('no answer')), TIMEOUT_MS);
  let launched;
  try {
    for (const { site } of runs) {
      if (!sites.has(site)) sites.set(site, await openSite(`127.0.1.${sites.size + 1}`, handle, fail));
    }
    launched = await launchBrowser(browser, addressOf(runs[0]));
    const ended = launched.ended.then((reason) => fail(new Error(`${reason}\n${launched.output()}`)));
    await Promise.race([finished, ended.then(() => finished)]);
  } finally {
    clearTimeout(timer);
    await launched?.close();
    for (const { server } of sites.values()) {
      server.closeAllConnections();
      server.close();
    }
  }
}

async function openSite(host, handle, fail) {
  const server = createServer((request, response) => {
    handle(request, response).catch(fail);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { server, origin: `http://${host}:${server.address().port}` };
}
