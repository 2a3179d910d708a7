/**
 * Stands where Google publishes the keys of Firebase's ID tokens, for programs that run as in production: it signs tokens as Firebase
 * does, with a key made for this run, and they trust its certificate because they are started with it. Nothing of the programs
 * themselves is changed for it.
 */
import { execFileSync } from "node:child_process";
import { createSign } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import { fileURLToPath } from "node:url";

export const HOST = "www.googleapis.com";
const KEYS = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
const MVN = fileURLToPath(new URL("../../../../bin/mvn25", import.meta.url));
/** As the JDK's own store is: nothing in it is encrypted, so that reading it costs a JVM what it costs in production. */
const OPEN_STORE = ["-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE", "-J-Dkeystore.pkcs12.macAlgorithm=NONE"];

export class Google {
  /**
   * @param folder where the key, its certificate and the trust store of those who believe it are put
   * @param names other hosts that the certificate is for
   */
  constructor(folder, project, names = []) {
    this.project = project;
    this.trust = `${folder}/trust.p12`;
    this.authority = `${folder}/certificate.pem`;
    const [key, certificate] = [`${folder}/key.pem`, this.authority];
    run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
      "-subj", `/CN=${HOST}`, "-addext", `subjectAltName=${[HOST, ...names].map((name) => `DNS:${name}`)}`]);
    const java = run(MVN, ["--java-home"]).trim();
    copyFileSync(`${java}/lib/security/cacerts`, this.trust);
    run(`${java}/bin/keytool`, [...OPEN_STORE, "-importcert", "-noprompt", "-alias", "google", "-file", certificate, "-keystore", this.trust,
      "-storetype", "PKCS12", "-storepass", "changeit"]);
    this.key = readFileSync(key);
    this.certificate = readFileSync(certificate, "utf8");
    this.asked = 0;
  }

  /** Where the SDK goes, whatever it was told: port 443 of the address that its machine takes for HOST, unless something leads it elsewhere. */
  async listen(address, port = 443) {
    this.server = createServer({ key: this.key, cert: this.certificate }, (request, response) => {
      this.asked += 1;
      response.statusCode = request.url === KEYS ? 200 : 404;
      response.setHeader("Content-Type", "application/json");
      response.setHeader("Cache-Control", "public, max-age=3600");
      response.end(JSON.stringify({ "key-1": this.certificate }));
    });
    this.server.listen(port, address);
    await once(this.server, "listening");
  }

  /** What a JVM is started with that finds the trust store at `path`. */
  static trusting(path) {
    return `-Djavax.net.ssl.trustStore=${path}`;
  }

  token(uid) {
    const now = Math.floor(Date.now() / 1000);
    const content = [
      { alg: "RS256", kid: "key-1", typ: "JWT" },
      { aud: this.project, iss: `https://securetoken.google.com/${this.project}`, sub: uid, name: uid, iat: now,
        auth_time: now, exp: now + 3600 },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${content}.${createSign("RSA-SHA256").update(content).sign(this.key, "base64url")}`;
  }

  close() {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

function run(command, parameters) {
  return execFileSync(command, parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
