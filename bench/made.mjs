/** What is built once, and again where what it is made from is another. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

export const quietly = (command, parameters, options = {}) => execFileSync(command, parameters, { stdio: ["ignore", "ignore", "inherit"], ...options });

/** Makes a folder anew where its maker did not finish, or what it is made from is another. */
export function made(folder, from, make) {
  const stamp = `${folder}.made`;
  const hash = createHash("sha256");
  for (const file of from) hash.update(readFileSync(file));
  const wanted = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  make(folder);
  writeFileSync(stamp, wanted);
}

/** The node_modules of a project that uses Prisma, its client generated. @param project the folder with package.json, its lock and schema.prisma */
export function prismaModules(folder, project, options = []) {
  const files = ["package.json", "package-lock.json", "schema.prisma"].map((name) => `${project}/${name}`);
  made(folder, files, () => {
    quietly("cp", [...files, folder]);
    quietly("npm", ["ci", "--silent", "--no-audit", "--no-fund", ...options], { cwd: folder });
    // Only Prisma's migrations would need the engine that it wants to download.
    quietly("npx", ["prisma", "generate", "--schema", "schema.prisma"], { cwd: folder, env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true" } });
  });
}
