package com.cove.bench.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The {@code key=value} arguments of a run. */
public final class Settings {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    /** @throws Trouble for an argument without {@code =}, or a key that comes twice */
    public Settings(List<String> arguments) throws Trouble {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals <= 0) {
                throw new Trouble("\"" + argument + "\" is not key=value.");
            }
            if (values.put(argument.substring(0, equals), argument.substring(equals + 1)) != null) {
                throw new Trouble(argument.substring(0, equals) + " is given twice.");
            }
        }
    }

    public Optional<String> text(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    public String text(String key, String usual) {
        return text(key).orElse(usual);
    }

    /** A number of at least {@code least}. */
    public int integer(String key, int usual, int least) throws Trouble {
        Optional<String> text = text(key);
        int value = usual;
        try {
            value = text.isPresent() ? Integer.parseInt(text.get()) : usual;
        } catch (NumberFormatException e) {
            throw new Trouble(key + " must be a whole number.");
        }
        if (value < least) {
            throw new Trouble(key + " must be " + least + " or more.");
        }
        return value;
    }

    /** A number above zero, such as 0.5. */
    public double positive(String key, double usual) throws Trouble {
        Optional<String> text = text(key);
        try {
            double value = text.isPresent() ? Double.parseDouble(text.get()) : usual;
            if (value > 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The sentence below says it.
        }
        throw new Trouble(key + " must be a number above 0.");
    }

    /** {@code yes} or {@code no}. */
    public boolean flag(String key, boolean usual) throws Trouble {
        String text = text(key, usual ? "yes" : "no");
        if (!text.equals("yes") && !text.equals("no")) {
            throw new Trouble(key + " must be yes or no.");
        }
        return text.equals("yes");
    }

    /** To be called once all that a scenario knows was asked for: a key that nobody asked for is a mistake of the caller's. */
    public void requireNoOthers() throws Trouble {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new Trouble(key + " is no setting of this scenario; it has " + String.join(", ", known) + ".");
            }
        }
    }
}
