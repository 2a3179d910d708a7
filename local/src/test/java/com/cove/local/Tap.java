package com.cove.local;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What node's test runner says in TAP: the outcome of each test, with the lines that explain it. */
record Tap(List<Outcome> outcomes) {
    private static final Pattern RESULT = Pattern.compile("( *)(ok|not ok) \\d+ - (.*?)( # (?:SKIP|TODO).*)?");

    /**
     * A test, or a suite that failed by itself.
     *
     * @param passed false also for a test that was skipped: nothing here may be
     */
    record Outcome(String name, boolean passed, String explanation) {}

    static Tap parse(List<String> lines) {
        List<Outcome> outcomes = new ArrayList<>();
        int lastIndent = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher result = RESULT.matcher(lines.get(i));
            if (!result.matches()) {
                continue;
            }
            int indent = result.group(1).length();
            boolean passed = result.group(2).equals("ok") && result.group(4) == null;
            // A suite's own result stands below those of its tests, which have said it already; unless all went well.
            boolean isSuite = indent < lastIndent;
            if (!isSuite || (!passed && outcomes.stream().allMatch(Outcome::passed))) {
                outcomes.add(new Outcome(result.group(3), passed, explanation(lines, i, indent)));
            }
            lastIndent = indent;
        }
        return new Tap(List.copyOf(outcomes));
    }

    /** The lines below a result that stand further in. */
    private static String explanation(List<String> lines, int result, int indent) {
        String further = " ".repeat(indent + 1);
        int end = result + 1;
        while (end < lines.size() && lines.get(end).startsWith(further)) {
            end++;
        }
        return String.join("\n", lines.subList(result, end));
    }
}
