// One process of the bench: `node measure.mjs '{"question":…,"contender":…,…}'` prints what it measured.

const { question, contender, ...plan } = JSON.parse(process.argv[2]);
const { measure } = await import(`./questions/${question}.mjs`);
console.log(JSON.stringify(await measure(contender, plan)));
