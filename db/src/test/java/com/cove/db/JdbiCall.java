package com.cove.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement that compiled code hands to JDBI, so that none is missed, wherever it is written. It must be a constant: one that is put
 * together when it runs could not be written down.
 *
 * @param type the name of the class, as in its file
 */
record JdbiCall(String type, String sql) {
    private static final String HANDLE = "org/jdbi/v3/core/Handle";
    private static final Set<String> TAKE_SQL = Set.of(
            "createQuery",
            "createUpdate",
            "createBatch",
            "prepareBatch",
            "createCall",
            "createScript",
            "select",
            "execute");

    /** All calls of the classes in a folder. */
    static List<JdbiCall> of(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .flatMap(file -> ofClass(file).stream())
                    .toList();
        }
    }

    /** Also of a class within one. */
    boolean isOfADao() {
        return type.endsWith("Dao") || type.contains("Dao$");
    }

    private static List<JdbiCall> ofClass(Path file) {
        try {
            ClassModel type = ClassFile.of().parse(file);
            List<JdbiCall> calls = new ArrayList<>();
            for (MethodModel method : type.methods()) {
                method.code()
                        .ifPresent(code -> calls.addAll(ofCode(type.thisClass().asInternalName(), code)));
            }
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JdbiCall> ofCode(String type, CodeModel code) {
        List<JdbiCall> calls = new ArrayList<>();
        String loaded = null;
        for (var element : code) {
            if (element instanceof InvokeInstruction call
                    && call.owner().asInternalName().equals(HANDLE)
                    && TAKE_SQL.contains(call.name().stringValue())) {
                calls.add(new JdbiCall(type, constant(type, loaded)));
            }
            if (element instanceof Instruction instruction) {
                loaded = loaded(instruction, loaded);
            }
        }
        return calls;
    }

    /** The text that was loaded last, unless something was done since that could have made another. */
    private static @Nullable String loaded(Instruction instruction, @Nullable String before) {
        return switch (instruction) {
            case ConstantInstruction load when load.constantValue() instanceof String text -> text;
            case InvokeInstruction _, InvokeDynamicInstruction _, FieldInstruction _ -> null;
            default -> before;
        };
    }

    private static String constant(String type, @Nullable String sql) {
        if (sql == null) {
            throw new AssertionError("A statement of " + type + " is no constant");
        }
        return sql;
    }
}
