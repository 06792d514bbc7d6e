// The ready settings of the provider, run as they are shown: the file SETTINGS names holds them.
'use strict';

const fs = require('node:fs');

// Settings that a CommonJS program would hold: `given` are the names that its author has, `names` those that they define.
exports.shown = (given, names, require) => {
  const text = fs.readFileSync(process.env.SETTINGS, 'utf8');
  const program = new Function('require', ...Object.keys(given), `${text}\nreturn { ${names.join(', ')} };`);
  return program(require, ...Object.values(given));
};

exports.PORT = Number(process.env.PORT);
exports.url = `http://127.0.0.1:${exports.PORT}/`;

// Says where the site is, once it is there.
exports.listen = (server) => server.listen(exports.PORT, '127.0.0.1', () => console.log(JSON.stringify({ url: exports.url })));
