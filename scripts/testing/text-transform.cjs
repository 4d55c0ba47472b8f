/** Jest imports a file of this kind as its text, as the server's bundle does. */
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }),
};
