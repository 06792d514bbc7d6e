"""The least site that a Python client can live in: `/` sends to the provider, `/callback` answers with what came of it."""

import json
import os
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


def shown(**given):
    """The names that the ready settings define, run as they are shown; `given` are those that their reader has already."""
    with open(os.environ["SETTINGS"], encoding="utf-8") as file:
        exec(compile(file.read(), "the ready settings", "exec"), given)
    return given


def serve(start, finish):
    """Serves where the settings send people back to, and says so. `start(callback)` is an address; `finish(query, callback)` is who came."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            if url.path == "/":
                return self.answer(302, {}, start(callback))
            if url.path != "/callback":
                return self.answer(404, {"error": "no such page"})
            query = dict(parse_qsl(url.query))
            if "error" in query:
                return self.answer(403, query)
            try:
                self.answer(200, finish(query, callback))
            except Exception as error:  # Whatever the client dies of is what the person sees.
                traceback.print_exc()
                self.answer(502, {"error": repr(error)})

        def answer(self, status, content, location=None):
            body = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    callback = f"http://127.0.0.1:{server.server_port}/callback"
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}/"}), flush=True)
    server.serve_forever()
