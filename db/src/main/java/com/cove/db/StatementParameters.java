package com.cove.db;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The parameters of statements that are constants: {@code :name} or {@code ?}, but not in a string or a quoted name. Instead of JDBI's
 * own parser, which builds an automaton out of the first statements of a program, for more than a tenth of its start.
 */
final class StatementParameters implements SqlParser {
    private static final Pattern TOKEN = Pattern.compile("'[^']*'|\"[^\"]*\"|::|:(\\w+)|\\?");

    private final Map<String, ParsedSql> parsed = new ConcurrentHashMap<>();

    @Override
    public ParsedSql parse(String sql, StatementContext context) {
        return parsed.computeIfAbsent(sql, StatementParameters::parsed);
    }

    @Override
    public String nameParameter(String rawName, StatementContext context) {
        return ":" + rawName;
    }

    static ParsedSql parsed(String sql) {
        ParsedSql.Builder statement = ParsedSql.builder();
        Matcher token = TOKEN.matcher(sql);
        int end = 0;
        while (token.find()) {
            String name = token.group(1);
            boolean positional = token.group().equals("?");
            if (name == null && !positional) {
                continue;
            }
            statement.append(sql.substring(end, token.start()));
            if (positional) {
                statement.appendPositionalParameter();
            } else {
                statement.appendNamedParameter(name);
            }
            end = token.end();
        }
        return statement.append(sql.substring(end)).build();
    }
}
