/** A client that costs little: Socket.IO over a websocket, without building objects of what it receives. */
import WebSocket from "ws";

const [PING, EVENT, ACK] = ["2", "42", "43"];
const MESSAGE = Buffer.from('42["new_message"');
const CONTENT = Buffer.from('"content":"');
const NUMBER = /^\d+/;

export class Client {
  /** @param heard gets the number that the content of each new message begins with */
  constructor({ port, token, heard }) {
    Object.assign(this, { port, token, heard, acks: new Map(), asked: 0, packets: 0 });
  }

  /** Connects; fails where the server refuses. */
  open() {
    const url = `ws://127.0.0.1:${this.port}/socket.io/?EIO=4&transport=websocket`;
    this.socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    return new Promise((resolve, reject) => {
      this.socket.on("open", () => this.socket.send(`40${JSON.stringify({ token: this.token })}`));
      this.socket.on("message", (bytes) => this.received(bytes, resolve, reject));
      this.socket.on("error", reject);
      this.socket.on("close", (code) => reject(new Error(`the connection ended: ${code}`)));
    });
  }

  received(bytes, connected, refused) {
    this.packets += 1;
    const kind = bytes.toString("latin1", 0, 2);
    if (kind === EVENT) this.event(bytes);
    else if (kind === ACK) this.acknowledged(bytes.toString());
    else if (kind === "40") connected(this);
    else if (kind === "44") refused(new Error(`refused: ${bytes}`));
    else if (kind === PING) this.socket.send("3");
  }

  event(bytes) {
    if (!bytes.subarray(0, MESSAGE.length).equals(MESSAGE)) return;
    const from = bytes.indexOf(CONTENT) + CONTENT.length;
    this.heard(Number(NUMBER.exec(bytes.toString("latin1", from, from + 12))[0]));
  }

  acknowledged(text) {
    const [id] = NUMBER.exec(text.slice(2));
    this.acks.get(Number(id))?.(text.startsWith('[{"ok":true', 2 + id.length));
    this.acks.delete(Number(id));
  }

  /** Sends a message; answers whether it was acknowledged as stored. */
  send(threadId, content) {
    const id = (this.asked += 1);
    this.socket.send(`42${id}["send_message",{"threadId":"${threadId}","content":"${content}"}]`);
    return new Promise((resolve) => this.acks.set(id, resolve));
  }

  close() {
    this.socket.removeAllListeners("close");
    this.socket.terminate();
  }
}
