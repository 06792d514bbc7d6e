// A site that signs people in with esia (npm).
'use strict';

const http = require('node:http');
const { listen, shown } = require('./shown.cjs');

const { connection } = shown({}, ['connection'], require);

listen(http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const answer = (status, content) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  };
  const query = Object.fromEntries(url.searchParams);
  if (url.pathname === '/') {
    response.writeHead(302, { Location: connection.getAuth().url }).end();
  } else if (query.error) {
    answer(403, query);
  } else {
    try {
      const { marker, data } = await connection.getAccess(query.code, ['/', '/ctts?embed=(elements)']);
      answer(200, { oid: marker.decodedAccessToken['urn:esia:sbj_id'], person: data[0], contacts: data[1] });
    } catch (error) {
      answer(502, { error: String(error) });
    }
  }
}));
