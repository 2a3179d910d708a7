/** Google's certificates for ID tokens, at their true address of a loopback network; and tokens that the key signs. */
import { execFileSync } from "node:child_process";
import { createPrivateKey, createSign } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";

const HOST = "www.googleapis.com";
const PATH = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
/** Of this bench alone: the port is Google's own, 443, which takes root to listen on. */
const ADDRESS = "127.88.0.1";
export const PROJECT = "cove-bench";

/** @returns what a function needs to find and to believe it, and token(user) */
export async function startGoogle(folder, keytool) {
  const certificate = (name, subject) => {
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${subject}`,
      "-addext", `subjectAltName=DNS:${subject}`, "-keyout", `${folder}/${name}.key`, "-out", `${folder}/${name}.pem`], { stdio: "ignore" });
    return { key: readFileSync(`${folder}/${name}.key`), cert: readFileSync(`${folder}/${name}.pem`) };
  };
  const tls = certificate("tls", HOST);
  const signing = certificate("signing", "securetoken.system.gserviceaccount.com");
  execFileSync(keytool, ["-importcert", "-noprompt", "-alias", "bench", "-file", `${folder}/tls.pem`, "-storetype", "PKCS12",
    "-keystore", `${folder}/trust.p12`, "-storepass", "changeit"], { stdio: "ignore" });
  writeFileSync(`${folder}/hosts`, `${ADDRESS} ${HOST}\n127.0.0.1 localhost\n`);
  const keys = JSON.stringify({ "key-1": signing.cert.toString() });
  const server = createServer(tls, (request, response) => {
    response.writeHead(request.url === PATH ? 200 : 404, { "content-type": "application/json; charset=UTF-8", "cache-control": "public, max-age=20000" });
    response.end(request.url === PATH ? keys : "{}");
  });
  server.listen(443, ADDRESS);
  await once(server, "listening");
  const key = createPrivateKey(signing.key);
  return {
    jvm: [`-Djdk.net.hosts.file=${folder}/hosts`, `-Djavax.net.ssl.trustStore=${folder}/trust.p12`, "-Djavax.net.ssl.trustStorePassword=changeit"],
    node: { NODE_EXTRA_CA_CERTS: `${folder}/tls.pem`, BENCH_HOST: HOST, BENCH_ADDRESS: ADDRESS },
    token: (user) => token(key, user),
  };
}

function token(key, user) {
  const at = Math.floor(Date.now() / 1000);
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${encode({ alg: "RS256", kid: "key-1", typ: "JWT" })}.${encode({
    iss: `https://securetoken.google.com/${PROJECT}`, aud: PROJECT, sub: user, user_id: user, name: "Ann", auth_time: at, iat: at, exp: at + 3600,
    firebase: { identities: {}, sign_in_provider: "password" },
  })}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(key).toString("base64url")}`;
}
