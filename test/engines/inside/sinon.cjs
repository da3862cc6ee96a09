// The sinon of the Promises/A+ suite, which has been evaluated as a script: it cannot be bundled.
module.exports = globalThis.sinon;
