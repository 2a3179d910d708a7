/**
 * The system in network namespaces of Linux: PostgreSQL, Redis, each socket server, and the people with the REST side have one of
 * their own, joined by one more that routes between them and loses packets as told.
 */
import { execFileSync } from "node:child_process";
import { System } from "./system.mjs";

const NET = "10.77";
const PARTS = ["postgres", "redis", "socket-a", "socket-b", "socket-c", "people"];
const HUB = "hub";

export class Namespaces {
  /** @param name what their names begin with */
  constructor(name) {
    this.name = name;
  }

  of(part) {
    return `${this.name}-${part}`;
  }

  /** Makes them all. */
  create() {
    for (const part of [HUB, ...PARTS]) ip("netns", "add", this.of(part));
    for (const part of [HUB, ...PARTS]) this.in(part, "ip", "link", "set", "lo", "up");
    this.in(HUB, "sysctl", "-qw", "net.ipv4.ip_forward=1");
    PARTS.forEach((part, i) => {
      ip("link", "add", "name", `part${i}`, "netns", this.of(HUB), "type", "veth", "peer", "name", "eth0", "netns", this.of(part));
      this.in(HUB, "ip", "address", "add", `${NET}.${i}.1/24`, "dev", `part${i}`);
      this.in(HUB, "ip", "link", "set", `part${i}`, "up");
      this.addresses(part).forEach((address) => this.in(part, "ip", "address", "add", `${address}/24`, "dev", "eth0"));
      this.in(part, "ip", "link", "set", "eth0", "up");
      this.in(part, "ip", "route", "add", "default", "via", `${NET}.${i}.1`);
    });
  }

  /** Ends what still runs in them, and takes them away: those that there are. */
  remove() {
    for (const part of [HUB, ...PARTS]) {
      try {
        for (const pid of ip("netns", "pids", this.of(part)).split("\n").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
        ip("netns", "delete", this.of(part));
      } catch {
        // It was not made, or is gone.
      }
    }
  }

  /** The addresses of a part; people have two. */
  addresses(part) {
    const net = `${NET}.${PARTS.indexOf(part)}`;
    return part === "people" ? [`${net}.2`, `${net}.3`] : [`${net}.2`];
  }

  /** Every packet between two parts, or a part and an address, is lost until they are joined. */
  cut(one, other) {
    this.between(one, other, "--insert");
  }

  join(one, other) {
    this.between(one, other, "--delete");
  }

  between(one, other, action) {
    const [a, b] = [one, other].map((each) => (PARTS.includes(each) ? this.addresses(each)[0] : each));
    this.rule(action, "--source", a, "--destination", b);
    this.rule(action, "--source", b, "--destination", a);
  }

  /** This share of all packets is lost. */
  lose(share) {
    this.share = ["-m", "statistic", "--mode", "random", "--probability", String(share)];
    this.rule("--insert", ...this.share);
  }

  loseNothing() {
    this.rule("--delete", ...this.share);
  }

  rule(action, ...match) {
    this.in(HUB, "iptables", "--wait", action, "FORWARD", ...match, "--jump", "DROP");
  }

  in(part, ...command) {
    ip("netns", "exec", this.of(part), ...command);
  }
}

const ip = (...parameters) => execFileSync("ip", parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Nothing of ours is between the parts but the kernel; only clients have a proxy each. */
export class PartitionedSystem extends System {
  constructor(folder, net, options) {
    super(folder, { ...options, direct: true });
    this.net = net;
    /** Those of the clients. */
    this.addresses = net.addresses("people");
  }

  place(part) {
    return { host: this.net.addresses(part)[0], within: ["ip", "netns", "exec", this.net.of(part)] };
  }
}
