/** The programs of this build and how each is started. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { made, quietly } from "../made.mjs";

/** Of a run of seconds the start of programs is the most. */
const QUICK = ["-XX:TieredStopAtLevel=1"];
/** As in AWS: the class path has the socket server's, too. */
const FUNCTIONS_LOG = ["-Dslf4j.provider=com.cove.api.log.LogProvider", "-Dslf4j.internal.verbosity=ERROR"];
/** The class path of a build has our programs' log, too. */
const SILENT = ["-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-Dslf4j.internal.verbosity=ERROR"];

/** What the image has the JVM started with. */
function optionsOfImage(root) {
  const [, options] = /--add-options="([^"]*)"/.exec(readFileSync(`${root}/Dockerfile.socket`, "utf8"));
  return options.replaceAll("\\\n", "").split(" ");
}

/** In a build, classes that are there already; by hand, what bin/cove built. @returns what the JVM is started with, and for what; and whole commands */
export function programsOf(root, home, quick) {
  const { COVE_JAVA, COVE_CLASS_PATH } = process.env;
  const java = COVE_JAVA ?? `${execFileSync(`${root}/bin/mvn25`, ["--java-home"]).toString().trim()}/bin/java`;
  const tool = (name) => java.replace(/java$/, name);
  const classes = COVE_CLASS_PATH ?? `${root}/local/target/classes:${readFileSync(`${root}/local/target/classpath`, "utf8").trim()}`;
  const generator = COVE_CLASS_PATH
    ?? `${root}/bench/generator/target/classes:${readFileSync(`${root}/bench/generator/target/classpath`, "utf8").trim()}`;
  const source = `${root}/bench/speed/Functions.java`;
  made(`${home}/functions`, [source], (folder) => quietly(tool("javac"), ["-proc:none", "-cp", classes, "-d", folder, source]));
  const image = optionsOfImage(root);
  const jvm = [java, ...image.filter((option) => !option.startsWith("-XX:")), ...(quick ? QUICK : [])];
  const ofGenerator = (main, heap) => [...jvm, "-XX:+UseSerialGC", heap, ...SILENT, "-cp", generator, `com.cove.bench.${main}`];
  const jar = COVE_CLASS_PATH ? undefined : `${root}/socket-server/target/socket-server.jar`;
  return {
    java,
    jvm,
    image,
    jcmd: tool("jcmd"),
    jar,
    socket: jar ? ["-jar", jar] : ["-cp", classes, "com.cove.socket.SocketMain"],
    functions: [...FUNCTIONS_LOG, "-cp", `${home}/functions:${classes}`, "Functions"],
    generator: ofGenerator("Generator", "-Xmx1g"),
    echo: ofGenerator("EchoServer", "-Xmx256m"),
  };
}
