package com.cove.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a run says, one JSON object a line, and what it is told. */
public final class Voice {
    private final PrintStream out;
    private final BufferedReader in;

    public Voice(InputStream in, PrintStream out) {
        this.out = out;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Where the run has come to: {@code {"at":"connected"}}. */
    public void at(String place) {
        say("at", JsonNodeFactory.instance.textNode(place));
    }

    /** The last line. */
    public void result(ObjectNode result) {
        say("result", result);
    }

    private synchronized void say(String name, JsonNode value) {
        ObjectNode line = object();
        line.set(name, value);
        out.println(line);
        out.flush();
    }

    /** Waits for a line, {@code go}; goes on as well where nobody can say one any more. */
    public void awaitGo() throws Trouble {
        try {
            String line = in.readLine();
            if (line != null && !line.equals("go")) {
                throw new Trouble("\"go\" is the only line that is understood here.");
            }
        } catch (IOException e) {
            throw new Trouble("Standard input cannot be read: " + e.getMessage());
        }
    }
}
