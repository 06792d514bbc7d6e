// What any server of static files does: the page, its modules, and the settings of this installation.
import http from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

const folder = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Serves the page for a provider. */
export function server(settings) {
  const page = sirv(folder("public"), { dev: true, single: true });
  const modules = sirv(folder("node_modules"), { dev: true });
  return http.createServer((request, response) => {
    if (request.url === "/config.json") {
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(settings));
    }
    if (!request.url.startsWith("/modules/")) return page(request, response);
    request.url = request.url.slice("/modules".length);
    return modules(request, response, () => response.writeHead(404).end());
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ISSUER = "http://127.0.0.1:8081", CLIENT_ID = "MY-PAGE", PORT = "3000" } = process.env;
  const started = server({ authority: ISSUER, client_id: CLIENT_ID });
  started.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${started.address().port}/`));
}
