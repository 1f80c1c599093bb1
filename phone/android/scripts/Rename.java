import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Copies classes with other names for the packages of the libraries: Rename OUT JAR-OR-FOLDER…
 *
 * <p>So that tests bring libraries of their own to an app that has its in its dex, cut to what it uses.
 */
public class Rename {
    private static final String[] LIBRARIES = {"okhttp3/", "okio/", "kotlin/"};

    private static final Remapper RENAMED = new Remapper() {
        @Override
        public String map(String name) {
            for (String library : LIBRARIES) {
                if (name.startsWith(library)) {
                    return "tests/" + name;
                }
            }
            return name;
        }
    };

    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            Path from = Path.of(arguments[i]);
            if (Files.isDirectory(from)) {
                for (Path file : Files.walk(from).filter(Files::isRegularFile).toList()) {
                    copy(from.relativize(file).toString(), Files.readAllBytes(file), out);
                }
            } else {
                copyJar(from, out);
            }
        }
    }

    private static void copyJar(Path jar, Path out) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory() && !entry.getName().startsWith("META-INF/")) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        copy(entry.getName(), content.readAllBytes(), out);
                    }
                }
            }
        }
    }

    private static void copy(String name, byte[] content, Path out) throws IOException {
        boolean isClass = name.endsWith(".class");
        String stem = isClass ? name.substring(0, name.length() - ".class".length()) : name;
        Path file = out.resolve(RENAMED.map(stem) + (isClass ? ".class" : ""));
        Files.createDirectories(file.getParent());
        Files.write(file, isClass ? renamed(content) : content);
    }

    private static byte[] renamed(byte[] content) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(content).accept(new ClassRemapper(writer, RENAMED), 0);
        return writer.toByteArray();
    }
}
