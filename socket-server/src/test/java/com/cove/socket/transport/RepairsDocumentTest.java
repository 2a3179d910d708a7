package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What docs/repairs.md says of our classes and tests is so, and no stock test is missing from it. */
class RepairsDocumentTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");
    /** Our class is the second cell of a row. */
    private static final Pattern OURS = Pattern.compile("(?m)^\\| [^|]+ \\| `(\\w+)`");

    private static final Map<String, String> SHORT =
            Map.of("E", "EngineProtocolTest", "S", "SocketProtocolTest", "L", "StockLibraryTest");

    @Test
    void everyTestItNamesExists() throws Exception {
        List<String> named = named();

        assertThat(named).hasSizeGreaterThan(60);
        for (String test : named) {
            String[] parts = test.split("\\.", 2);
            assertThat(tests(Class.forName(getClass().getPackageName() + "." + parts[0])))
                    .contains(parts[1]);
        }
    }

    @Test
    void everyStockTestIsNamed() throws IOException {
        assertThat(named())
                .containsAll(tests(StockLibraryTest.class)
                        .map(name -> "StockLibraryTest." + name)
                        .toList());
    }

    @Test
    void everyClassItNamesExists() throws IOException {
        List<String> ours = OURS.matcher(page())
                .results()
                .map(found -> found.group(1) + ".java")
                .toList();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsAll(ours);
        }
        assertThat(ours).hasSizeGreaterThan(25);
    }

    private static List<String> named() throws IOException {
        return TEST.matcher(page())
                .results()
                .map(found -> SHORT.getOrDefault(found.group(1), found.group(1)) + "." + found.group(2))
                .toList();
    }

    private static Stream<String> tests(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/repairs.md"));
    }
}
