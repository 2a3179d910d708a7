import java.lang.reflect.Field;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements of an endpoint and nothing else, over plain JDBC: what a warm call cannot be faster than. They are the stores' own, read from
 * their constants, each by itself. Prints the milliseconds of each round of them, and "end".
 */
class Query {
    private static final Pattern PARAMETER = Pattern.compile(":([a-zA-Z]\\w*)");

    private final Connection connection;
    private final String me;

    private Query(Connection connection, String me) {
        this.connection = connection;
        this.me = me;
    }

    public static void main(String[] arguments) throws Exception {
        String jdbc = arguments[0];
        int times = Integer.parseInt(arguments[3]);
        try (Connection connection = DriverManager.getConnection(jdbc)) {
            Query query = new Query(connection, arguments[2]);
            List<UUID> threads = query.threads();
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                if (arguments[1].equals("send-message")) {
                    query.send(threads.get(i % threads.size()));
                } else {
                    query.list();
                }
                lines.append((System.nanoTime() - start) / 1e6).append('\n');
            }
            System.out.println(lines + "end");
        }
    }

    private List<UUID> threads() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT thread_id FROM thread_member WHERE user_id = ?")) {
            statement.setString(1, me);
            return ids(statement.executeQuery());
        }
    }

    private void send(UUID thread) throws Exception {
        provision();
        Map<String, Object> given = Map.of(
                "ids", array("uuid", UUID.randomUUID()),
                "threads", array("uuid", thread),
                "senders", array("text", me),
                "contents", array("text", "Shall we meet at <noon>?"),
                "clientMessageIds", array("text", UUID.randomUUID().toString()));
        run("com.cove.db.message.MessageDao", "SEND_NEW", given);
    }

    private void list() throws Exception {
        provision();
        run(
                "com.cove.db.row.ThreadViewDao",
                "LISTING",
                Map.of(
                        "viewer", me,
                        "updatedAt", OffsetDateTime.parse("9999-12-31T00:00:00Z"),
                        "id", new UUID(-1, -1),
                        "limit", 21));
    }

    private void provision() throws Exception {
        Array mine = array("text", me);
        run("com.cove.db.user.UserDao", "CURRENT", Map.of("ids", mine, "names", mine, "imageUrls", mine));
    }

    private Array array(String type, Object... values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private void run(String dao, String constant, Map<String, Object> given) throws Exception {
        Statement statement = STATEMENTS.computeIfAbsent(dao + constant, _ -> Statement.of(dao, constant));
        try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
            for (int i = 0; i < statement.parameters().size(); i++) {
                prepared.setObject(i + 1, given.get(statement.parameters().get(i)));
            }
            ids(prepared.executeQuery());
        }
    }

    private static final Map<String, Statement> STATEMENTS = new java.util.HashMap<>();

    /** Reads all rows and columns, as whoever maps them does. */
    private static List<UUID> ids(ResultSet rows) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int i = 2; i <= columns; i++) {
                rows.getString(i);
            }
            if (rows.getObject(1) instanceof UUID id) {
                ids.add(id);
            }
        }
        return ids;
    }

    private record Statement(String sql, List<String> parameters) {
        static Statement of(String dao, String name) {
            try {
                Field constant = Class.forName(dao).getDeclaredField(name);
                constant.setAccessible(true);
                String text = (String) constant.get(null);
                Matcher parameters = PARAMETER.matcher(text);
                return new Statement(
                        parameters.replaceAll("?"),
                        PARAMETER.matcher(text).results().map(found -> found.group(1)).toList());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
