/** What both endpoints need: who calls, and the database. */
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";

const auth = getAuth(initializeApp({ projectId: process.env.FIREBASE_PROJECT_ID }));

async function connectionString() {
  const arn = process.env.RDS_MASTER_SECRET_ARN;
  if (!arn) return process.env.DATABASE_URL;
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = JSON.parse(SecretString);
  const url = new URL(process.env.DATABASE_URL);
  Object.assign(url, { username: encodeURIComponent(username), password: encodeURIComponent(password) });
  return url.href;
}

export const database = new PrismaClient({ adapter: new PrismaPg({ connectionString: await connectionString(), max: 2 }) });

/** The caller, known to the database. */
async function caller(event) {
  const { uid, name = null, picture = null } = await auth.verifyIdToken(event.headers.authorization.replace(/^Bearer /, ""));
  const known = await database.user.findUnique({ where: { id: uid } });
  if (known?.name !== name || known?.imageUrl !== picture) {
    const profile = { name, imageUrl: picture };
    await database.user.upsert({ where: { id: uid }, create: { id: uid, ...profile }, update: profile });
  }
  return uid;
}

const json = (value) => JSON.stringify(value, (_, field) => (typeof field === "bigint" ? Number(field) : field))
  .replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);

const headers = { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** @param handle answers [status, body] */
export const endpoint = (handle) => async (event) => {
  const [statusCode, body] = await handle(await caller(event), event);
  return { statusCode, headers, body: json(body) };
};
