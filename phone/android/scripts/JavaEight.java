import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes classes of Java 8 of those of Java 5 that enjarify writes: JavaEight IN.jar OUT.jar LIBRARY.jar.
 *
 * <p>Code calls static methods of interfaces, such as {@code Comparator.comparing}; Java 5 knew none. A class of Java 8 says
 * of each call whether it is to an interface, and has stack maps. Nothing else changes.
 */
public class JavaEight {
    private final ClassLoader classes;

    private JavaEight(ClassLoader classes) {
        this.classes = classes;
    }

    public static void main(String[] arguments) throws IOException {
        URL[] jars = {Path.of(arguments[0]).toUri().toURL(), Path.of(arguments[2]).toUri().toURL()};
        try (URLClassLoader classes = new URLClassLoader(jars, null);
                ZipFile in = new ZipFile(arguments[0]);
                OutputStream file = Files.newOutputStream(Path.of(arguments[1]));
                ZipOutputStream out = new ZipOutputStream(file)) {
            JavaEight java = new JavaEight(classes);
            for (ZipEntry entry : Collections.list(in.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream content = in.getInputStream(entry)) {
                    out.write(java.rewritten(content.readAllBytes()));
                }
            }
        }
    }

    private byte[] rewritten(byte[] content) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return classes;
            }

            @Override
            protected String getCommonSuperClass(String one, String other) {
                try {
                    return super.getCommonSuperClass(one, other);
                } catch (TypeNotPresentException missing) { // another platform's, which OkHttp looks for and does without
                    return "java/lang/Object";
                }
            }
        };
        new ClassReader(content).accept(new Rewriter(writer), ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    private boolean isInterface(String name) {
        try {
            return Class.forName(name.replace('/', '.'), false, classes).isInterface();
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    private final class Rewriter extends ClassVisitor {
        private Rewriter(ClassVisitor to) {
            super(Opcodes.ASM9, to);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
            super.visit(Opcodes.V1_8, access, name, signature, parent, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, type, signature, thrown)) {
                @Override
                public void visitMethodInsn(int how, String owner, String method, String kind, boolean isInterface) {
                    boolean isStatic = how == Opcodes.INVOKESTATIC;
                    super.visitMethodInsn(how, owner, method, kind, isStatic ? isInterface(owner) : isInterface);
                }
            };
        }
    }
}
