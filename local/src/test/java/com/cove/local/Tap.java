package com.cove.local;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What node's test runner says in TAP: each test of the top level, with the lines that explain it. */
record Tap(List<Outcome> outcomes) {
    private static final Pattern RESULT = Pattern.compile("(ok|not ok) \\d+ - (.*?)( # (?:SKIP|TODO).*)?");

    /** @param passed false also for a test that was skipped: nothing here may be */
    record Outcome(String name, boolean passed, String explanation) {}

    static Tap parse(List<String> lines) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher result = RESULT.matcher(lines.get(i));
            if (result.matches()) {
                boolean passed = result.group(1).equals("ok") && result.group(3) == null;
                outcomes.add(new Outcome(result.group(2), passed, explanation(lines, i)));
            }
        }
        return new Tap(List.copyOf(outcomes));
    }

    /** The indented lines that follow. */
    private static String explanation(List<String> lines, int result) {
        int end = result + 1;
        while (end < lines.size() && lines.get(end).startsWith(" ")) {
            end++;
        }
        return String.join("\n", lines.subList(result, end));
    }
}
