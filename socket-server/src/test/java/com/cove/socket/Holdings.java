package com.cove.socket;

import com.github.benmanes.caffeine.cache.Cache;
import io.netty.util.HashedWheelTimer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much is in every map, collection, cache and timer that our objects hold, by class and field: also in those to come. */
final class Holdings {
    private final Map<String, Long> sizes = new TreeMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> ahead = new ArrayDeque<>();

    private Holdings() {}

    static Map<String, Long> of(Object root) {
        Holdings holdings = new Holdings();
        holdings.ahead.add(root);
        while (!holdings.ahead.isEmpty()) {
            holdings.look(holdings.ahead.remove());
        }
        return holdings.sizes;
    }

    private void look(Object object) {
        if (!object.getClass().getName().startsWith("com.cove.") || !seen.add(object)) {
            return;
        }
        for (Field field : object.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                note(object.getClass().getSimpleName() + "." + field.getName(), value(field, object));
            }
        }
    }

    private void note(String name, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> count(name, map.size(), List.copyOf(map.values()));
            case Collection<?> collection -> count(name, collection.size(), List.copyOf(collection));
            case Cache<?, ?> cache -> {
                cache.cleanUp();
                count(name, cache.estimatedSize(), List.copyOf(cache.asMap().values()));
            }
            case HashedWheelTimer timer -> count(name, timer.pendingTimeouts(), List.of());
            default -> ahead.add(value);
        }
    }

    private void count(String name, long size, Collection<?> content) {
        sizes.merge(name, size, Long::sum);
        ahead.addAll(content);
    }

    private static @Nullable Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
