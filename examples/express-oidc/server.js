import { site } from "./site.js";

const { ISSUER = "http://127.0.0.1:8081", CLIENT_ID = "MY-SITE", CLIENT_SECRET = "test", SESSION_SECRET = "test" } = process.env;
const { HOST = "127.0.0.1", PORT = "3000" } = process.env;
const app = site({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, sessionSecret: SESSION_SECRET });
const server = app.listen(Number(PORT), HOST, () => console.log(`http://127.0.0.1:${server.address().port}/`));
