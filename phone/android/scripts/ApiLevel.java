import java.io.File;
import java.io.FileInputStream;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.codehaus.mojo.animal_sniffer.ClassListBuilder;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;

/** Prints what a jar's classes ask of Android that an API level lacks: ApiLevel SIGNATURE JAR [CLASS…], which may be missing. */
public class ApiLevel {
    public static void main(String[] arguments) throws Exception {
        PrintWriterLogger logger = new PrintWriterLogger(System.out);
        File jar = new File(arguments[1]);
        ClassListBuilder own = new ClassListBuilder(logger);
        own.process(jar);
        Set<String> known = new HashSet<>(own.getPackages());
        for (int i = 2; i < arguments.length; i++) {
            known.add(arguments[i]);
        }
        SignatureChecker checker = new SignatureChecker(new FileInputStream(arguments[0]), known, logger);
        checker.setSourcePath(Collections.emptyList());
        checker.setAnnotationTypes(Set.of("dev.smskit.phone.platform.ChecksApiLevel"));
        checker.process(jar);
    }
}
