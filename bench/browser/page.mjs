// One page of the bench: measures the case that its address names, posts the figures, and goes on to the next page.
import * as awaits from '../await.mjs';
import * as managerStep from '../manager-step.mjs';
import { measure } from '../sample.mjs';

const questions = { [awaits.name]: awaits, [managerStep.name]: managerStep };
const { fetch } = window; // zone.js replaces it

async function answer({ question, ...plan }) {
  try {
    return { results: await measure(questions[question], plan) };
  } catch (error) {
    return { error: `${error}\n${error?.stack}` };
  }
}

export async function start() {
  const plan = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const body = JSON.stringify(await answer(plan));
  const response = await fetch.call(window, '/answer', { method: 'POST', body });
  const { next } = await response.json();
  if (next) location.replace(next);
}
