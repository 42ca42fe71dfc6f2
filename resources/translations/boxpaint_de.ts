<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Actions</name>
    <message>
        <source>From top to bottom</source>
        <translation>Von oben nach unten</translation>
    </message>
    <message>
        <source>From bottom to top</source>
        <translation>Von unten nach oben</translation>
    </message>
    <message>
        <source>Large to small</source>
        <translation>Von groß nach klein</translation>
    </message>
    <message>
        <source>Small to large</source>
        <translation>Von klein nach groß</translation>
    </message>
    <message>
        <source>Randomly</source>
        <translation>Zufällig</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>New pro&amp;ject</source>
        <translation>Neues Pro&amp;jekt</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Open LayoutBench &amp;folder…</source>
        <translation>LayoutBench-&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;As…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <source>&amp;Export dataset as…</source>
        <translation>Datensatz &amp;exportieren als…</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>E&amp;instellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Dup&amp;licate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>Alles au&amp;swählen</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>Auswä&amp;hlen</translation>
    </message>
    <message>
        <source>Dra&amp;w boxes</source>
        <translation>Rahmen &amp;zeichnen</translation>
    </message>
    <message>
        <source>&amp;New box</source>
        <translation>Neuer Ra&amp;hmen</translation>
    </message>
    <message>
        <source>&amp;Label…</source>
        <translation>&amp;Beschriften…</translation>
    </message>
    <message>
        <source>Loc&amp;k or unlock</source>
        <translation>&amp;Sperren oder entsperren</translation>
    </message>
    <message>
        <source>&amp;Hide or show</source>
        <translation>Aus- oder einblen&amp;den</translation>
    </message>
    <message>
        <source>Align le&amp;ft</source>
        <translation>&amp;Links ausrichten</translation>
    </message>
    <message>
        <source>Align &amp;centres</source>
        <translation>Mitten übereinander &amp;ausrichten</translation>
    </message>
    <message>
        <source>Align &amp;right</source>
        <translation>&amp;Rechts ausrichten</translation>
    </message>
    <message>
        <source>Align &amp;top</source>
        <translation>&amp;Oben ausrichten</translation>
    </message>
    <message>
        <source>Align &amp;middles</source>
        <translation>&amp;Mitten nebeneinander ausrichten</translation>
    </message>
    <message>
        <source>Align &amp;bottom</source>
        <translation>&amp;Unten ausrichten</translation>
    </message>
    <message>
        <source>Distribute hori&amp;zontally</source>
        <translation>&amp;Waagerecht verteilen</translation>
    </message>
    <message>
        <source>Distribute &amp;vertically</source>
        <translation>Sen&amp;krecht verteilen</translation>
    </message>
    <message>
        <source>&amp;Same size</source>
        <translation>&amp;Gleiche Größe</translation>
    </message>
    <message>
        <source>O&amp;wn labels…</source>
        <translation>&amp;Eigene Beschriftungen…</translation>
    </message>
    <message>
        <source>&amp;Detect boxes in the picture</source>
        <translation>Rahmen im Bild erke&amp;nnen</translation>
    </message>
    <message>
        <source>S&amp;ort</source>
        <translation>Sor&amp;tieren</translation>
    </message>
    <message>
        <source>Sk&amp;ills</source>
        <translation>&amp;Fertigkeiten</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit the picture</source>
        <translation>Bild &amp;einpassen</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>Zoom to &amp;selection</source>
        <translation>Aus&amp;wahl formatfüllend</translation>
    </message>
    <message>
        <source>Show &amp;boxes</source>
        <translation>&amp;Rahmen zeigen</translation>
    </message>
    <message>
        <source>Show what the &amp;detector found</source>
        <translation>Funde des &amp;Detektors zeigen</translation>
    </message>
    <message>
        <source>Show the run&apos;s &amp;picture</source>
        <translation>&amp;Bild des Laufs zeigen</translation>
    </message>
    <message>
        <source>S&amp;nap to boxes and picture</source>
        <translation>An Rahmen und Bild einra&amp;sten</translation>
    </message>
    <message>
        <source>&amp;Rulers</source>
        <translation>Line&amp;ale</translation>
    </message>
    <message>
        <source>&amp;Minimap when zoomed in</source>
        <translation>&amp;Übersichtskarte beim Vergrößern</translation>
    </message>
    <message>
        <source>Pixel &amp;grid when zoomed in</source>
        <translation>Pi&amp;xelraster beim Vergrößern</translation>
    </message>
    <message>
        <source>Picture be&amp;hind…</source>
        <translation>Bild da&amp;hinter…</translation>
    </message>
    <message>
        <source>Remove the pict&amp;ure behind</source>
        <translation>Bild dahinter en&amp;tfernen</translation>
    </message>
    <message>
        <source>Op&amp;acity of the picture behind</source>
        <translation>Deckkra&amp;ft des Bildes dahinter</translation>
    </message>
    <message>
        <source>Browse la&amp;youts</source>
        <translation>Layo&amp;uts durchsuchen</translation>
    </message>
    <message>
        <source>S&amp;tatistics of the dataset…</source>
        <translation>Statistik des Datensat&amp;zes…</translation>
    </message>
    <message>
        <source>Ne&amp;xt layout</source>
        <translation>&amp;Nächstes Layout</translation>
    </message>
    <message>
        <source>Pre&amp;vious layout</source>
        <translation>&amp;Voriges Layout</translation>
    </message>
    <message>
        <source>Pane&amp;ls</source>
        <translation>Fensterbere&amp;iche</translation>
    </message>
    <message>
        <source>N&amp;ext part of the window</source>
        <translation>Nä&amp;chster Teil des Fensters</translation>
    </message>
    <message>
        <source>Former part of the &amp;window</source>
        <translation>Voriger Teil des Fensters</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>Befeh&amp;le…</translation>
    </message>
    <message>
        <source>&amp;Play, faster</source>
        <translation>&amp;Abspielen, schneller</translation>
    </message>
    <message>
        <source>Play or &amp;stop</source>
        <translation>Abspielen oder an&amp;halten</translation>
    </message>
    <message>
        <source>Play &amp;backwards, faster</source>
        <translation>&amp;Rückwärts abspielen, schneller</translation>
    </message>
    <message>
        <source>&amp;First frame</source>
        <translation>&amp;Erstes Einzelbild</translation>
    </message>
    <message>
        <source>&amp;Last frame</source>
        <translation>&amp;Letztes Einzelbild</translation>
    </message>
    <message>
        <source>Save the shown &amp;frame…</source>
        <translation>Gezeigtes Einzel&amp;bild speichern…</translation>
    </message>
    <message>
        <source>Save the shown s&amp;tep…</source>
        <translation>Gezeigten Schri&amp;tt speichern…</translation>
    </message>
    <message>
        <source>Save the &amp;strip…</source>
        <translation>Bild&amp;streifen speichern…</translation>
    </message>
    <message>
        <source>Save the &amp;contact sheet…</source>
        <translation>&amp;Kontaktbogen speichern…</translation>
    </message>
    <message>
        <source>Save as a fi&amp;lm…</source>
        <translation>Als Fi&amp;lm speichern…</translation>
    </message>
    <message>
        <source>Copy the shown f&amp;rame</source>
        <translation>Gezeigtes Einzelbild kopie&amp;ren</translation>
    </message>
    <message>
        <source>Copy the str&amp;ip</source>
        <translation>B&amp;ildstreifen kopieren</translation>
    </message>
    <message>
        <source>Copy the contact s&amp;heet</source>
        <translation>Kontaktbogen kopiere&amp;n</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Erzeugen</translation>
    </message>
    <message>
        <source>Add to the &amp;queue</source>
        <translation>In die &amp;Warteschlange</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Branch from this step</source>
        <translation>Von diesem Schritt ab&amp;zweigen</translation>
    </message>
    <message>
        <source>Another &amp;seed for this step, and on</source>
        <translation>Anderer &amp;Startwert für diesen Schritt, dann weiter</translation>
    </message>
    <message>
        <source>Paint this step again &amp;until it is found, and on</source>
        <translation>Diesen Schritt neu &amp;malen, bis er gefunden wird, dann weiter</translation>
    </message>
    <message>
        <source>Ca&amp;ndidates for this step…</source>
        <translation>&amp;Kandidaten für diesen Schritt…</translation>
    </message>
    <message>
        <source>Paint this object &amp;earlier, and on</source>
        <translation>Dieses Objekt &amp;früher malen, dann weiter</translation>
    </message>
    <message>
        <source>Paint this object &amp;later, and on</source>
        <translation>Dieses Objekt s&amp;päter malen, dann weiter</translation>
    </message>
    <message>
        <source>Go on w&amp;ithout this object</source>
        <translation>&amp;Ohne dieses Objekt weiter</translation>
    </message>
    <message>
        <source>Apply changes to the &amp;finished picture</source>
        <translation>Änderungen auf das fertige &amp;Bild anwenden</translation>
    </message>
    <message>
        <source>&amp;Open a run…</source>
        <translation>&amp;Lauf öffnen…</translation>
    </message>
    <message>
        <source>Show b&amp;ranches</source>
        <translation>Zwei&amp;ge zeigen</translation>
    </message>
    <message>
        <source>Co&amp;mpare…</source>
        <translation>&amp;Vergleichen…</translation>
    </message>
    <message>
        <source>S&amp;weep…</source>
        <translation>Versuchs&amp;reihe…</translation>
    </message>
    <message>
        <source>Mo&amp;dels…</source>
        <translation>Mo&amp;delle…</translation>
    </message>
    <message>
        <source>Save or cop&amp;y pictures</source>
        <translation>Bilder speichern oder kop&amp;ieren</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>Abspiele&amp;n</translation>
    </message>
    <message>
        <source>&amp;Export pictures…</source>
        <translation>Bilder &amp;exportieren…</translation>
    </message>
    <message>
        <source>&amp;Scores…</source>
        <translation>Be&amp;wertung…</translation>
    </message>
    <message>
        <source>&amp;Gallery…</source>
        <translation>&amp;Galerie…</translation>
    </message>
    <message>
        <source>&amp;Open an export…</source>
        <translation>Export ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Back to the canvas</source>
        <translation>&amp;Zurück zur Zeichenfläche</translation>
    </message>
    <message>
        <source>&amp;Start page</source>
        <translation>&amp;Startseite</translation>
    </message>
    <message>
        <source>&amp;Take the tour</source>
        <translation>&amp;Rundgang beginnen</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation>&amp;Protokoll…</translation>
    </message>
    <message>
        <source>&amp;About Boxpaint</source>
        <translation>Ü&amp;ber Boxpaint</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Object</source>
        <translation>&amp;Objekt</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>&amp;Benchmarks</source>
        <translation>Bench&amp;marks</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Number: duplicate to 16</source>
        <translation>Anzahl: auf 16 vervielfachen</translation>
    </message>
    <message>
        <source>Position: push to the edges</source>
        <translation>Lage: an die Ränder schieben</translation>
    </message>
    <message>
        <source>Position: draw to the centre</source>
        <translation>Lage: zur Mitte ziehen</translation>
    </message>
    <message>
        <source>Size: enlarge</source>
        <translation>Größe: vergrößern</translation>
    </message>
    <message>
        <source>Size: shrink</source>
        <translation>Größe: verkleinern</translation>
    </message>
    <message>
        <source>Shape: stretch horizontally</source>
        <translation>Form: waagerecht strecken</translation>
    </message>
    <message>
        <source>Shape: stretch vertically</source>
        <translation>Form: senkrecht strecken</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Shuffle the labels</source>
        <translation>Beschriftungen mischen</translation>
    </message>
</context>
<context>
    <name>BarChart</name>
    <message>
        <source>{0}, {1}: {2} of {3}</source>
        <translation>{0}, {1}: {2} von {3}</translation>
    </message>
</context>
<context>
    <name>Benchmarks</name>
    <message>
        <source>Folder of an export</source>
        <translation>Ordner eines Exports</translation>
    </message>
    <message>
        <source>No model is installed. Choose the folder of an inpainting pipeline.</source>
        <translation>Es ist kein Modell installiert. Bitte den Ordner einer Inpainting-Pipeline wählen.</translation>
    </message>
    <message>
        <source>The export {0} was cut off: {1} of {2} pictures are painted.</source>
        <translation>Der Export {0} wurde unterbrochen: {1} von {2} Bildern sind gemalt.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>No model is chosen.</source>
        <translation>Es ist kein Modell gewählt.</translation>
    </message>
    <message>
        <source>{} denoising steps</source>
        <translation>{} Entrauschschritte</translation>
    </message>
    <message>
        <source>seed {}</source>
        <translation>Startwert {}</translation>
    </message>
    <message>
        <source>as the Generation panel says: {}</source>
        <translation>wie in „Erzeugung“ eingestellt: {}</translation>
    </message>
    <message>
        <source>Folder of the pictures</source>
        <translation>Ordner der Bilder</translation>
    </message>
    <message>
        <source>Stored detections</source>
        <translation>Gespeicherte Funde</translation>
    </message>
    <message>
        <source>COCO results (*.json)</source>
        <translation>COCO-Ergebnisse (*.json)</translation>
    </message>
    <message>
        <source>Weights of Inception</source>
        <translation>Gewichte von Inception</translation>
    </message>
    <message>
        <source>TorchScript (*.pt *.pth)</source>
        <translation>TorchScript (*.pt *.pth)</translation>
    </message>
    <message>
        <source>Folder of the report</source>
        <translation>Ordner des Berichts</translation>
    </message>
    <message>
        <source>The report was written: {}</source>
        <translation>Der Bericht wurde geschrieben: {}</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>BenchmarksPage</name>
    <message>
        <source>Back to the canvas</source>
        <translation>Zurück zur Zeichenfläche</translation>
    </message>
    <message>
        <source>Open export…</source>
        <translation>Export öffnen…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>No export is open.</source>
        <translation>Es ist kein Export geöffnet.</translation>
    </message>
</context>
<context>
    <name>BoxPanel</name>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>W</source>
        <comment>width</comment>
        <translation>B</translation>
    </message>
    <message>
        <source>H</source>
        <comment>height</comment>
        <translation>H</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
</context>
<context>
    <name>BranchCanvas</name>
    <message>
        <source>Branches</source>
        <translation>Zweige</translation>
    </message>
    <message>
        <source>Run {} of {}, step {}</source>
        <translation>Lauf {} von {}, Schritt {}</translation>
    </message>
</context>
<context>
    <name>BranchView</name>
    <message>
        <source>Branches</source>
        <translation>Zweige</translation>
    </message>
</context>
<context>
    <name>Branching</name>
    <message>
        <source>Show a step of a run first: a branch goes on from there.</source>
        <translation>Zeigen Sie erst den Schritt eines Laufs: Ein Zweig geht von dort weiter.</translation>
    </message>
    <message>
        <source>A run in pixel mode “as published” has one noise stream through all its steps: no branches.</source>
        <translation>Ein Lauf im Pixelmodus „wie veröffentlicht“ hat einen einzigen Rauschstrom durch alle Schritte: keine Zweige.</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Anderer Startwert</translation>
    </message>
    <message>
        <source>Delete object</source>
        <translation>Objekt löschen</translation>
    </message>
    <message>
        <source>It is the first one already.</source>
        <translation>Es ist schon das erste.</translation>
    </message>
    <message>
        <source>It is the last one already.</source>
        <translation>Es ist schon das letzte.</translation>
    </message>
    <message>
        <source>Reorder object</source>
        <translation>Objekt umordnen</translation>
    </message>
    <message>
        <source>Take a candidate&apos;s seed</source>
        <translation>Startwert eines Kandidaten übernehmen</translation>
    </message>
    <message>
        <source>Show a finished run first: its picture is changed, the rest of it stays.</source>
        <translation>Zeigen Sie erst einen fertigen Lauf: Sein Bild wird geändert, der Rest bleibt.</translation>
    </message>
    <message>
        <source>Nothing differs. Add, move, relabel or delete a box, then do this again.</source>
        <translation>Nichts ist anders. Fügen Sie einen Rahmen hinzu oder verschieben, beschriften oder löschen Sie einen; dann noch einmal.</translation>
    </message>
    <message>
        <source>This step paints no object of the layout. Show a step that does.</source>
        <translation>Dieser Schritt malt kein Objekt des Layouts. Zeigen Sie einen, der es tut.</translation>
    </message>
    <message>
        <source>A box has no prompt yet.</source>
        <translation>Ein Rahmen ist noch nicht beschriftet.</translation>
    </message>
    <message>
        <source>An earlier object was changed as well, so it goes on from step {}.</source>
        <translation>Auch ein früheres Objekt wurde geändert, darum geht es ab Schritt {} weiter.</translation>
    </message>
</context>
<context>
    <name>BrowserPanel</name>
    <message>
        <source>Layouts of the dataset</source>
        <translation>Layouts des Datensatzes</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open a folder (LayoutBench, labelme, YOLO…)</source>
        <translation>Ordner öffnen (LayoutBench, labelme, YOLO…)</translation>
    </message>
    <message>
        <source>Pictures behind the boxes</source>
        <translation>Bilder hinter den Rahmen</translation>
    </message>
    <message>
        <source>Statistics…</source>
        <translation>Statistik…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Add to the project</source>
        <translation>Ins Projekt aufnehmen</translation>
    </message>
    <message>
        <source>1 file could not be read…</source>
        <translation>1 Datei ließ sich nicht lesen…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>{} files could not be read…</source>
        <translation>{} Dateien ließen sich nicht lesen…</translation>
    </message>
    <message>
        <source>Start a project with them</source>
        <translation>Damit ein Projekt beginnen</translation>
    </message>
    <message>
        <source>1 layout</source>
        <translation>1 Layout</translation>
    </message>
    <message>
        <source>{} layouts</source>
        <translation>{} Layouts</translation>
    </message>
    <message>
        <source>{0} of {1} layouts</source>
        <translation>{0} von {1} Layouts</translation>
    </message>
</context>
<context>
    <name>Bubble</name>
    <message>
        <source>&amp;Skip the tour</source>
        <translation>Über&amp;springen</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
</context>
<context>
    <name>CandidatesDialog</name>
    <message>
        <source>Candidates</source>
        <translation>Kandidaten</translation>
    </message>
    <message>
        <source>Number of candidates</source>
        <translation>Anzahl der Kandidaten</translation>
    </message>
    <message>
        <source>Paint them</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>The step of “{}”, painted with other seeds. Pick one to go on from it.</source>
        <translation>Der Schritt für „{}“, mit anderen Startwerten gemalt. Wählen Sie einen, um mit ihm weiterzumachen.</translation>
    </message>
    <message>
        <source>Go on from it</source>
        <translation>Damit weiter</translation>
    </message>
    <message>
        <source>This step paints no object of the layout, so there is no seed to change.</source>
        <translation>Dieser Schritt malt kein Objekt des Layouts, also gibt es keinen Startwert zu ändern.</translation>
    </message>
    <message>
        <source>Candidate for step {}</source>
        <translation>Kandidat für Schritt {}</translation>
    </message>
    <message>
        <source>not painted</source>
        <translation>nicht gemalt</translation>
    </message>
    <message>
        <source>first seed</source>
        <translation>erster Startwert</translation>
    </message>
    <message>
        <source>IoU {:.2f}, score {:.2f}</source>
        <translation>IoU {:.2f}, Sicherheit {:.2f}</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>waiting …</source>
        <translation>wartet …</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>no prompt</source>
        <translation>ohne Beschriftung</translation>
    </message>
    <message>
        <source>{} selected: {}</source>
        <translation>{} ausgewählt: {}</translation>
    </message>
    <message>
        <source>Objects: {}. None is selected; Page Down goes from one to the next.</source>
        <translation>Objekte: {}. Keins ist ausgewählt; Bild ab geht von einem zum nächsten.</translation>
    </message>
    <message>
        <source>No objects yet; Object › New box adds one.</source>
        <translation>Noch keine Objekte; Objekt › Neuer Rahmen fügt eins hinzu.</translation>
    </message>
    <message>
        <source>Drag to draw a box, then type what is in it.</source>
        <translation>Ziehen Sie einen Rahmen auf und tippen Sie, was darin ist.</translation>
    </message>
    <message>
        <source>Generate paints the boxes one after the other.</source>
        <translation>„Erzeugen“ malt die Rahmen einen nach dem anderen.</translation>
    </message>
    <message>
        <source>  (locked)</source>
        <translation>  (gesperrt)</translation>
    </message>
</context>
<context>
    <name>CanvasDescription</name>
    <message>
        <source>no prompt yet</source>
        <translation>noch ohne Beschriftung</translation>
    </message>
    <message>
        <source>Object {}: {}</source>
        <translation>Objekt {}: {}</translation>
    </message>
    <message>
        <source>{} × {} pixels at {}, {}</source>
        <translation>{} × {} Pixel bei {}, {}</translation>
    </message>
</context>
<context>
    <name>Child</name>
    <message>
        <source>The process could not be started: {}</source>
        <translation>Der Prozess konnte nicht gestartet werden: {}</translation>
    </message>
    <message>
        <source>The process ended by itself ({0}). {1}</source>
        <translation>Der Prozess endete von selbst ({0}). {1}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
</context>
<context>
    <name>CompareWindow</name>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Amplification of the difference</source>
        <translation>Verstärkung des Unterschieds</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Überblenden</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Blinken</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Show the whole pictures (0)</source>
        <translation>Die ganzen Bilder zeigen (0)</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>Gleich</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>Verschieden</translation>
    </message>
</context>
<context>
    <name>ContextMenu</name>
    <message>
        <source>Label as</source>
        <translation>Beschriften mit</translation>
    </message>
    <message>
        <source>Here, from the top</source>
        <translation>Hier, von oben</translation>
    </message>
    <message>
        <source>no prompt yet</source>
        <translation>noch ohne Beschriftung</translation>
    </message>
</context>
<context>
    <name>DatasetController</name>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>1 file could not be read: {1}</source>
        <translation>1 Datei ließ sich nicht lesen: {1}</translation>
    </message>
    <message>
        <source>{0} files could not be read: {1}</source>
        <translation>{0} Dateien ließen sich nicht lesen: {1}</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Dateien, die sich nicht lesen ließen</translation>
    </message>
    <message>
        <source>{0} files were left out; {1} layouts were read.</source>
        <translation>{0} Dateien wurden ausgelassen, {1} Layouts gelesen.</translation>
    </message>
    <message>
        <source>layouts</source>
        <translation>Layouts</translation>
    </message>
    <message>
        <source>{0} layouts were written to {1}.</source>
        <translation>{0} Layouts wurden nach {1} geschrieben.</translation>
    </message>
    <message>
        <source>Nothing was exported: {}</source>
        <translation>Nichts wurde exportiert: {}</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Colour of the object</source>
        <translation>Farbe des Objekts</translation>
    </message>
    <message>
        <source>The colour of the box in this window; it does not change what is painted</source>
        <translation>Die Farbe des Rahmens in diesem Fenster; was gemalt wird, ändert sie nicht</translation>
    </message>
    <message>
        <source>Seed of the object</source>
        <translation>Startwert des Objekts</translation>
    </message>
    <message>
        <source>Noise of this object alone; empty: made from the run&apos;s seed</source>
        <translation>Rauschen nur dieses Objekts; leer: aus dem Startwert des Laufs</translation>
    </message>
    <message>
        <source>Notes on the object</source>
        <translation>Notizen zum Objekt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>By the prompt</source>
        <translation>Nach der Beschriftung</translation>
    </message>
    <message>
        <source>Own colour</source>
        <translation>Eigene Farbe</translation>
    </message>
    <message>
        <source>of the run</source>
        <translation>vom Lauf</translation>
    </message>
    <message>
        <source>several</source>
        <translation>mehrere</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Several notes</source>
        <translation>Mehrere Notizen</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Palette {}</source>
        <translation>Palette {}</translation>
    </message>
    <message>
        <source>Other…</source>
        <translation>Andere…</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Brown</source>
        <translation>Braun</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>Lila</translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation>Türkis</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
</context>
<context>
    <name>DetectController</name>
    <message>
        <source>Looking for objects…</source>
        <translation>Objekte werden gesucht…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The picture lies behind the boxes.</source>
        <translation>Das Bild liegt hinter den Rahmen.</translation>
    </message>
    <message>
        <source>Detect boxes in it</source>
        <translation>Rahmen darin erkennen</translation>
    </message>
    <message>
        <source>The detection was cancelled.</source>
        <translation>Die Erkennung wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Everything that the detector found has a box already.</source>
        <translation>Alles, was der Detektor fand, hat schon einen Rahmen.</translation>
    </message>
    <message>
        <source>The detector found nothing in this picture. It looks for objects of CLEVR scenes.</source>
        <translation>Der Detektor fand nichts in diesem Bild. Er sucht Objekte aus CLEVR-Szenen.</translation>
    </message>
    <message>
        <source>The detector found nothing in this picture.</source>
        <translation>Der Detektor fand nichts in diesem Bild.</translation>
    </message>
    <message>
        <source>One box was added.</source>
        <translation>Ein Rahmen kam hinzu.</translation>
    </message>
    <message>
        <source>{} boxes were added.</source>
        <translation>{} Rahmen kamen hinzu.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>DialogQuestions</name>
    <message>
        <source>Layouts and projects (*.json *.boxpaint *.png *.csv *.txt);;Boxpaint projects (*.boxpaint);;All files (*)</source>
        <translation>Layouts und Projekte (*.json *.boxpaint *.png *.csv *.txt);;Boxpaint-Projekte (*.boxpaint);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open layout</source>
        <translation>Layout öffnen</translation>
    </message>
    <message>
        <source>Folder of LayoutBench or of another dataset</source>
        <translation>Ordner von LayoutBench oder eines anderen Datensatzes</translation>
    </message>
    <message>
        <source>Boxpaint layout (*.layout.json)</source>
        <translation>Boxpaint-Layout (*.layout.json)</translation>
    </message>
    <message>
        <source>Boxpaint project (*.boxpaint)</source>
        <translation>Boxpaint-Projekt (*.boxpaint)</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>Layout speichern</translation>
    </message>
    <message>
        <source>Save the changes to {}?</source>
        <translation>Änderungen an {} speichern?</translation>
    </message>
    <message>
        <source>They are lost otherwise.</source>
        <translation>Sonst gehen sie verloren.</translation>
    </message>
    <message>
        <source>{} was changed by another program since it was opened.</source>
        <translation>{} wurde seit dem Öffnen von einem anderen Programm geändert.</translation>
    </message>
    <message>
        <source>Writing over it loses those changes.</source>
        <translation>Beim Überschreiben gehen diese Änderungen verloren.</translation>
    </message>
    <message>
        <source>Write over it</source>
        <translation>Überschreiben</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Speichern unter…</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</source>
        <translation>Bilder (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</translation>
    </message>
    <message>
        <source>Picture behind the boxes</source>
        <translation>Bild hinter den Rahmen</translation>
    </message>
    <message>
        <source>Export layouts to a new folder</source>
        <translation>Layouts in einen neuen Ordner exportieren</translation>
    </message>
    <message>
        <source>Export layouts</source>
        <translation>Layouts exportieren</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors *.ckpt *.pt *.pth *.onnx *.whl)</source>
        <translation>Checkpoints (*.safetensors *.ckpt *.pt *.pth *.onnx *.whl)</translation>
    </message>
    <message>
        <source>Import a checkpoint</source>
        <translation>Checkpoint übernehmen</translation>
    </message>
    <message>
        <source>Import a model&apos;s folder</source>
        <translation>Ordner eines Modells übernehmen</translation>
    </message>
    <message>
        <source>File that names the classes of {}</source>
        <translation>Datei, die die Klassen von {} benennt</translation>
    </message>
    <message>
        <source>Classes (*.json *.txt *.names *.yaml)</source>
        <translation>Klassen (*.json *.txt *.names *.yaml)</translation>
    </message>
    <message>
        <source>Stop fetching {}?</source>
        <translation>Das Laden von {} anhalten?</translation>
    </message>
    <message>
        <source>What is here of it is kept: fetching goes on from there when you continue it.</source>
        <translation>Was davon hier ist, bleibt: Beim Fortsetzen geht das Laden von dort weiter.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>An export is being painted. Stop it and close?</source>
        <translation>Ein Export wird gerade gemalt. Anhalten und schließen?</translation>
    </message>
    <message>
        <source>What is painted is kept; the next start offers to go on.</source>
        <translation>Was gemalt ist, bleibt; beim nächsten Start kann fortgesetzt werden.</translation>
    </message>
</context>
<context>
    <name>DiskChanges</name>
    <message>
        <source>{} is no longer on the disk. Saving writes it again.</source>
        <translation>{} ist nicht mehr auf der Platte. Speichern schreibt es neu.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>{} was changed by another program, and you have changes that are not saved.</source>
        <translation>{} wurde von einem anderen Programm geändert, und Sie haben ungespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>{} was changed by another program.</source>
        <translation>{} wurde von einem anderen Programm geändert.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>Meine behalten</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
</context>
<context>
    <name>DocumentController</name>
    <message>
        <source>Untitled project</source>
        <translation>Unbenanntes Projekt</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>Layouts that had no changes could not be found in the project file: {}.</source>
        <translation>Layouts ohne Änderungen ließen sich in der Projektdatei nicht finden: {}.</translation>
    </message>
    <message>
        <source>project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>it holds something else now.</source>
        <translation>sie enthält jetzt etwas anderes.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source> And {} more notes.</source>
        <translation> Und {} weitere Hinweise.</translation>
    </message>
    <message>
        <source>The layout was not saved: {}</source>
        <translation>Das Layout wurde nicht gespeichert: {}</translation>
    </message>
    <message>
        <source>The project was not saved: {}</source>
        <translation>Das Projekt wurde nicht gespeichert: {}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export layouts</source>
        <translation>Layouts exportieren</translation>
    </message>
    <message>
        <source>Which layouts</source>
        <translation>Welche Layouts</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>Layouts</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Choose the dataset&apos;s file</source>
        <translation>Datei des Datensatzes wählen</translation>
    </message>
    <message>
        <source>Choose the dataset&apos;s folder</source>
        <translation>Ordner des Datensatzes wählen</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Browser&apos;s</source>
        <translation>Der offene</translation>
    </message>
    <message>
        <source>Take the dataset that is open in the browser</source>
        <translation>Den Datensatz nehmen, der im Fenster offen ist</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Choose the folder of the pictures</source>
        <translation>Ordner der Bilder wählen</translation>
    </message>
    <message>
        <source>Pictures go to</source>
        <translation>Bilder kommen nach</translation>
    </message>
    <message>
        <source>Name of the run</source>
        <translation>Name des Laufs</translation>
    </message>
    <message>
        <source>the model&apos;s name</source>
        <translation>Name des Modells</translation>
    </message>
    <message>
        <source>Splits</source>
        <translation>Splits</translation>
    </message>
    <message>
        <source>all; several with commas between them</source>
        <translation>alle; mehrere durch Kommas getrennt</translation>
    </message>
    <message>
        <source>With one of the labels</source>
        <translation>Mit einer der Beschriftungen</translation>
    </message>
    <message>
        <source>any, e.g. cube, sphere</source>
        <translation>beliebig, z. B. cube, sphere</translation>
    </message>
    <message>
        <source>Fewest objects</source>
        <translation>Mindestzahl der Objekte</translation>
    </message>
    <message>
        <source>Most objects</source>
        <translation>Höchstzahl der Objekte</translation>
    </message>
    <message>
        <source>How many of each split</source>
        <translation>Wie viele aus jedem Split</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>The first</source>
        <translation>Die ersten</translation>
    </message>
    <message>
        <source>A sample of</source>
        <translation>Eine Stichprobe von</translation>
    </message>
    <message>
        <source>Layouts of each split</source>
        <translation>Layouts aus jedem Split</translation>
    </message>
    <message>
        <source>Steps, for the timeline</source>
        <translation>Schritte, für die Zeitleiste</translation>
    </message>
    <message>
        <source>Crops</source>
        <translation>Ausschnitte</translation>
    </message>
    <message>
        <source>Pictures with boxes</source>
        <translation>Bilder mit Rahmen</translation>
    </message>
    <message>
        <source>Worker processes</source>
        <translation>Arbeitsprozesse</translation>
    </message>
    <message>
        <source>as many as help</source>
        <translation>so viele wie nützen</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Setting {} that is swept</source>
        <translation>Einstellung {} der Versuchsreihe</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Values of setting {}</source>
        <translation>Werte der Einstellung {}</translation>
    </message>
    <message>
        <source>Painted</source>
        <translation>Gemalt</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Beschriftungen</translation>
    </message>
    <message>
        <source>Objects, from – to</source>
        <translation>Objekte, von – bis</translation>
    </message>
    <message>
        <source>Of each split</source>
        <translation>Aus jedem Split</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Versuchsreihe</translation>
    </message>
    <message>
        <source>and</source>
        <translation>und</translation>
    </message>
    <message>
        <source>Also write</source>
        <translation>Auch schreiben</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Prozesse</translation>
    </message>
</context>
<context>
    <name>ExportPanel</name>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>End after the present denoising step; what is painted is kept</source>
        <translation>Nach dem laufenden Entrauschschritt enden; was gemalt ist, bleibt</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Paint what the open export still lacks</source>
        <translation>Malen, was dem offenen Export noch fehlt</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>Fehler wiederholen</translation>
    </message>
    <message>
        <source>Go on with the open export, and try the failed pictures again</source>
        <translation>Den offenen Export fortsetzen und die gescheiterten Bilder noch einmal versuchen</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Runs of the export</source>
        <translation>Läufe des Exports</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Painted</source>
        <translation>Gemalt</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Pictures that failed</source>
        <translation>Gescheiterte Bilder</translation>
    </message>
    <message>
        <source>Failed picture</source>
        <translation>Gescheitertes Bild</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>{0} of {1} pictures</source>
        <translation>{0} von {1} Bildern</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, noch etwa {1}</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>There is no frame to save: show one in the timeline first.</source>
        <translation>Es gibt kein Einzelbild zu speichern: Zeigen Sie erst eins in der Zeitleiste.</translation>
    </message>
    <message>
        <source>The frame is on the clipboard.</source>
        <translation>Das Einzelbild ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Save the frame</source>
        <translation>Einzelbild speichern</translation>
    </message>
    <message>
        <source>Save the step</source>
        <translation>Schritt speichern</translation>
    </message>
    <message>
        <source>There is no finished step yet.</source>
        <translation>Noch ist kein Schritt fertig.</translation>
    </message>
    <message>
        <source>Save the strip</source>
        <translation>Bildstreifen speichern</translation>
    </message>
    <message>
        <source>Save the contact sheet</source>
        <translation>Kontaktbogen speichern</translation>
    </message>
    <message>
        <source>Save as a film</source>
        <translation>Als Film speichern</translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>Das Bild ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Saved as {}.</source>
        <translation>Gespeichert als {}.</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Stopping after the present denoising step …</source>
        <translation>Hält nach dem laufenden Entrauschschritt an …</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>{} pictures could not be painted.</source>
        <translation>{} Bilder konnten nicht gemalt werden.</translation>
    </message>
    <message>
        <source>One picture could not be painted.</source>
        <translation>Ein Bild konnte nicht gemalt werden.</translation>
    </message>
    <message>
        <source>{0} of {1} pictures are painted; “Go on” paints the rest.</source>
        <translation>{0} von {1} Bildern sind gemalt; „Fortsetzen“ malt den Rest.</translation>
    </message>
    <message>
        <source>{0} of {1} pictures are painted.</source>
        <translation>{0} von {1} Bildern sind gemalt.</translation>
    </message>
</context>
<context>
    <name>Fetches</name>
    <message>
        <source>asking the hub…</source>
        <translation>der Hub wird gefragt…</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>putting it together…</source>
        <translation>wird zusammengesetzt…</translation>
    </message>
    <message>
        <source>{0}, {1}/s, about {2} left</source>
        <translation>{0}, {1}/s, noch etwa {2}</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Search names and prompts</source>
        <translation>Namen und Beschriftungen suchen</translation>
    </message>
    <message>
        <source>Search layouts</source>
        <translation>Layouts suchen</translation>
    </message>
    <message>
        <source>Filter by split, label, number and size of objects</source>
        <translation>Nach Split, Beschriftung, Anzahl und Größe der Objekte filtern</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Split</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>Size of objects</source>
        <translation>Größe der Objekte</translation>
    </message>
    <message>
        <source>Size of the picture</source>
        <translation>Größe des Bildes</translation>
    </message>
    <message>
        <source>Fewest objects</source>
        <translation>Mindestzahl der Objekte</translation>
    </message>
    <message>
        <source>Most objects</source>
        <translation>Höchstzahl der Objekte</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter löschen</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>Small (under 32 × 32 px)</source>
        <translation>Klein (unter 32 × 32 px)</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Large (from 96 × 96 px)</source>
        <translation>Groß (ab 96 × 96 px)</translation>
    </message>
    <message>
        <source>Objects, from – to</source>
        <translation>Objekte, von – bis</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Filters ({})</source>
        <translation>Filter ({})</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
</context>
<context>
    <name>FrameHandle</name>
    <message>
        <source>Drag the shown frame into another program; click to copy it</source>
        <translation>Ziehen Sie das gezeigte Einzelbild in ein anderes Programm; ein Klick kopiert es</translation>
    </message>
    <message>
        <source>Copy or drag the shown frame</source>
        <translation>Gezeigtes Einzelbild kopieren oder ziehen</translation>
    </message>
</context>
<context>
    <name>FramePicker</name>
    <message>
        <source>Run {}</source>
        <translation>Lauf {}</translation>
    </message>
    <message>
        <source>Step of {}</source>
        <translation>Schritt von {}</translation>
    </message>
    <message>
        <source>Picture of {}</source>
        <translation>Bild von {}</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <source>Composite</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>step {} · {}</source>
        <translation>Schritt {} · {}</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>The export kept no steps. Generate paints the picture again, with its steps.</source>
        <translation>Der Export hat keine Schritte aufgehoben. „Erzeugen“ malt das Bild noch einmal, mit seinen Schritten.</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>{0}: {1} and {2}</source>
        <translation>{0}: {1} und {2}</translation>
    </message>
</context>
<context>
    <name>GalleryBar</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Run to compare with</source>
        <translation>Lauf zum Vergleich</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Split</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>With the verdict</source>
        <translation>Mit dem Urteil</translation>
    </message>
    <message>
        <source>Wins and losses</source>
        <translation>Gewinne und Verluste</translation>
    </message>
    <message>
        <source>Sorted by</source>
        <translation>Geordnet nach</translation>
    </message>
    <message>
        <source>Greatest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>Bilder suchen</translation>
    </message>
    <message>
        <source>Search names and labels</source>
        <translation>Namen und Beschriftungen suchen</translation>
    </message>
    <message>
        <source>As painted</source>
        <translation>Wie gemalt</translation>
    </message>
    <message>
        <source>AP</source>
        <translation>AP</translation>
    </message>
    <message>
        <source>Share found</source>
        <translation>Anteil gefunden</translation>
    </message>
    <message>
        <source>Number of objects</source>
        <translation>Anzahl der Objekte</translation>
    </message>
    <message>
        <source>First label</source>
        <translation>Erste Beschriftung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Win over the other run</source>
        <translation>Gewinn gegen den anderen Lauf</translation>
    </message>
    <message>
        <source>Number of “{}”</source>
        <translation>Anzahl „{}“</translation>
    </message>
    <message>
        <source>Only wins</source>
        <translation>Nur Gewinne</translation>
    </message>
    <message>
        <source>Only losses</source>
        <translation>Nur Verluste</translation>
    </message>
    <message>
        <source>Only draws</source>
        <translation>Nur Unentschieden</translation>
    </message>
    <message>
        <source>against</source>
        <translation>gegen</translation>
    </message>
    <message>
        <source>by</source>
        <translation>nach</translation>
    </message>
    <message>
        <source>no other run</source>
        <translation>kein anderer Lauf</translation>
    </message>
    <message>
        <source>Any split</source>
        <translation>Jeder Split</translation>
    </message>
    <message>
        <source>Any label</source>
        <translation>Jede Beschriftung</translation>
    </message>
    <message>
        <source>Any verdict</source>
        <translation>Jedes Urteil</translation>
    </message>
    <message>
        <source>{} pictures</source>
        <translation>{} Bilder</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>GalleryDelegate</name>
    <message>
        <source>The picture is missing or damaged</source>
        <translation>Das Bild fehlt oder ist beschädigt</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>failed: {}</source>
        <translation>gescheitert: {}</translation>
    </message>
    <message>
        <source>not painted yet</source>
        <translation>noch nicht gemalt</translation>
    </message>
    <message>
        <source>1 object</source>
        <translation>1 Objekt</translation>
    </message>
    <message>
        <source>{} objects</source>
        <translation>{} Objekte</translation>
    </message>
    <message>
        <source>nothing to find</source>
        <translation>nichts zu finden</translation>
    </message>
    <message>
        <source>{0} against {1} of {2}</source>
        <translation>{0} gegen {1} von {2}</translation>
    </message>
    <message>
        <source>AP {0} · {1} of {2}</source>
        <translation>AP {0} · {1} von {2}</translation>
    </message>
    <message>
        <source>AP {}</source>
        <translation>AP {}</translation>
    </message>
    <message>
        <source>AP {0} against {1}</source>
        <translation>AP {0} gegen {1}</translation>
    </message>
</context>
<context>
    <name>GalleryPanel</name>
    <message>
        <source>Verdicts on the chosen picture</source>
        <translation>Urteile über das gewählte Bild</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <source>Open in the timeline</source>
        <translation>In der Zeitleiste öffnen</translation>
    </message>
    <message>
        <source>Show its steps, and its layout on the canvas, ready to be changed and painted</source>
        <translation>Seine Schritte zeigen und sein Layout auf der Zeichenfläche, zum Ändern und Malen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Compare with the other run</source>
        <translation>Mit dem anderen Lauf vergleichen</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Pictures of the export</source>
        <translation>Bilder des Exports</translation>
    </message>
</context>
<context>
    <name>GenerationForm</name>
    <message>
        <source>Preset</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>As set below</source>
        <translation>Wie unten eingestellt</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <translation>Wie das Modell</translation>
    </message>
    <message>
        <source>One object after the other</source>
        <translation>Ein Objekt nach dem anderen</translation>
    </message>
    <message>
        <source>All objects at once, then the background</source>
        <translation>Alle Objekte auf einmal, dann der Hintergrund</translation>
    </message>
    <message>
        <source>ReCo: boxes in the prompt</source>
        <translation>ReCo: Rahmen im Prompt</translation>
    </message>
    <message>
        <source>Layout tokens (LDM)</source>
        <translation>Layout-Token (LDM)</translation>
    </message>
    <message>
        <source>GLIGEN: phrases and boxes</source>
        <translation>GLIGEN: Beschriftungen und Rahmen</translation>
    </message>
    <message>
        <source>GLIGEN: one box after the other</source>
        <translation>GLIGEN: ein Rahmen nach dem anderen</translation>
    </message>
    <message>
        <source>ControlNet: colours of classes</source>
        <translation>ControlNet: Farben der Klassen</translation>
    </message>
    <message>
        <source>Text only</source>
        <translation>Nur Text</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Choose the folder of a diffusers inpainting pipeline</source>
        <translation>Ordner einer diffusers-Inpainting-Pipeline wählen</translation>
    </message>
    <message>
        <source>Choose a model folder</source>
        <translation>Modellordner wählen</translation>
    </message>
    <message>
        <source>LoRA files</source>
        <translation>LoRA-Dateien</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Files that change the model for a run, separated by semicolons; FILE:0.5 works half as much</source>
        <translation>Dateien, die das Modell für einen Lauf verändern, durch Semikolons getrennt; DATEI:0.5 wirkt halb so stark</translation>
    </message>
    <message>
        <source>Add a LoRA file</source>
        <translation>LoRA-Datei hinzufügen</translation>
    </message>
    <message>
        <source>Safety checker</source>
        <translation>Sicherheitsprüfung</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Some models bring a checker that keeps back pictures that it takes for unfit for work</source>
        <translation>Manche Modelle bringen eine Prüfung mit, die Bilder zurückhält, die sie für anstößig hält</translation>
    </message>
    <message>
        <source>Denoising steps</source>
        <translation>Entrauschschritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>As listed</source>
        <translation>Wie in der Liste</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
    <message>
        <source>Top to bottom</source>
        <translation>Von oben nach unten</translation>
    </message>
    <message>
        <source>Bottom to top</source>
        <translation>Von unten nach oben</translation>
    </message>
    <message>
        <source>Large to small</source>
        <translation>Von groß nach klein</translation>
    </message>
    <message>
        <source>Small to large</source>
        <translation>Von klein nach groß</translation>
    </message>
    <message>
        <source>Compositing</source>
        <translation>Einsetzen</translation>
    </message>
    <message>
        <source>Paste the box</source>
        <translation>Nur den Rahmen</translation>
    </message>
    <message>
        <source>Repaint everything</source>
        <translation>Alles neu malen</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>As published</source>
        <translation>Wie veröffentlicht</translation>
    </message>
    <message>
        <source>Painted area</source>
        <translation>Gemalter Bereich</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Window round the box</source>
        <translation>Fenster um den Rahmen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>As it fits</source>
        <translation>Wie es passt</translation>
    </message>
    <message>
        <source>Whole model on the device</source>
        <translation>Ganzes Modell auf dem Gerät</translation>
    </message>
    <message>
        <source>Whole model, picture in tiles</source>
        <translation>Ganzes Modell, Bild in Kacheln</translation>
    </message>
    <message>
        <source>Part by part on the device</source>
        <translation>Teil für Teil auf dem Gerät</translation>
    </message>
    <message>
        <source>Layer by layer on the device</source>
        <translation>Schicht für Schicht auf dem Gerät</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>As they are</source>
        <translation>Wie sie sind</translation>
    </message>
    <message>
        <source>One byte each</source>
        <translation>Je ein Byte</translation>
    </message>
    <message>
        <source>One byte each takes less memory, changes pictures a little, and needs torchao</source>
        <translation>Je ein Byte braucht weniger Speicher, ändert Bilder ein wenig und braucht torchao</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Anderer Startwert</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Show previews while painting</source>
        <translation>Vorschau beim Malen zeigen</translation>
    </message>
    <message>
        <source>Look for the objects after each step</source>
        <translation>Objekte nach jedem Schritt suchen</translation>
    </message>
    <message>
        <source>A detector looks at every step and tells which objects it finds</source>
        <translation>Ein Detektor sieht jeden Schritt an und sagt, welche Objekte er findet</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>What looks: the built-in detector where it knows any of the objects, or the chosen one</source>
        <translation>Wer schaut: der eingebaute Detektor, wenn er eines der Objekte kennt, oder der gewählte</translation>
    </message>
    <message>
        <source>paint once</source>
        <translation>einmal malen</translation>
    </message>
    <message>
        <source>Attempts per object</source>
        <translation>Versuche je Objekt</translation>
    </message>
    <message>
        <source>Paint an object again with other seeds until the detector finds it</source>
        <translation>Ein Objekt mit anderen Startwerten neu malen, bis der Detektor es findet</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Checker</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>How much of the model is on the device at a time; less of it takes longer</source>
        <translation>Wie viel des Modells zugleich auf dem Gerät liegt; weniger dauert länger</translation>
    </message>
    <message>
        <source>Picked for the shown run: {}, {}, {} ({})</source>
        <translation>Für den gezeigten Lauf gewählt: {}, {}, {} ({})</translation>
    </message>
</context>
<context>
    <name>GenerationPanel</name>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the run</source>
        <translation>Den Lauf abbrechen</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Paint this layout when its turn comes (Ctrl+Shift+Return)</source>
        <translation>Dieses Layout malen, wenn es an der Reihe ist (Strg+Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Painted: {}</source>
        <translation>Gemalt: {}</translation>
    </message>
    <message>
        <source>No model is installed. Choose the folder of an inpainting pipeline.</source>
        <translation>Kein Modell ist installiert. Wählen Sie den Ordner einer Inpainting-Pipeline.</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Modell wird geladen…</translation>
    </message>
    <message>
        <source>, about {} left</source>
        <translation>, noch etwa {}</translation>
    </message>
    <message>
        <source>Step {} of {}{}</source>
        <translation>Schritt {} von {}{}</translation>
    </message>
    <message>
        <source>{} steps in {}</source>
        <translation>{} Schritte in {}</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>{} after {} of {} steps</source>
        <translation>{} nach {} von {} Schritten</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Align box</source>
        <translation>Rahmen ausrichten</translation>
    </message>
    <message>
        <source>Align {} boxes</source>
        <translation>{} Rahmen ausrichten</translation>
    </message>
    <message>
        <source>Colour box</source>
        <translation>Rahmen färben</translation>
    </message>
    <message>
        <source>Colour {} boxes</source>
        <translation>{} Rahmen färben</translation>
    </message>
    <message>
        <source>Cut box</source>
        <translation>Rahmen ausschneiden</translation>
    </message>
    <message>
        <source>Cut {} boxes</source>
        <translation>{} Rahmen ausschneiden</translation>
    </message>
    <message>
        <source>Delete box</source>
        <translation>Rahmen löschen</translation>
    </message>
    <message>
        <source>Delete {} boxes</source>
        <translation>{} Rahmen löschen</translation>
    </message>
    <message>
        <source>Detect box</source>
        <translation>Rahmen erkennen</translation>
    </message>
    <message>
        <source>Detect {} boxes</source>
        <translation>{} Rahmen erkennen</translation>
    </message>
    <message>
        <source>Distribute box</source>
        <translation>Rahmen verteilen</translation>
    </message>
    <message>
        <source>Distribute {} boxes</source>
        <translation>{} Rahmen verteilen</translation>
    </message>
    <message>
        <source>Draw box</source>
        <translation>Rahmen zeichnen</translation>
    </message>
    <message>
        <source>Draw {} boxes</source>
        <translation>{} Rahmen zeichnen</translation>
    </message>
    <message>
        <source>Duplicate box</source>
        <translation>Rahmen duplizieren</translation>
    </message>
    <message>
        <source>Duplicate {} boxes</source>
        <translation>{} Rahmen duplizieren</translation>
    </message>
    <message>
        <source>Hide box</source>
        <translation>Rahmen ausblenden</translation>
    </message>
    <message>
        <source>Hide {} boxes</source>
        <translation>{} Rahmen ausblenden</translation>
    </message>
    <message>
        <source>Label box</source>
        <translation>Rahmen beschriften</translation>
    </message>
    <message>
        <source>Label {} boxes</source>
        <translation>{} Rahmen beschriften</translation>
    </message>
    <message>
        <source>Lock box</source>
        <translation>Rahmen sperren</translation>
    </message>
    <message>
        <source>Lock {} boxes</source>
        <translation>{} Rahmen sperren</translation>
    </message>
    <message>
        <source>Move box</source>
        <translation>Rahmen verschieben</translation>
    </message>
    <message>
        <source>Move {} boxes</source>
        <translation>{} Rahmen verschieben</translation>
    </message>
    <message>
        <source>Notes on box</source>
        <translation>Notizen zum Rahmen</translation>
    </message>
    <message>
        <source>Notes on {} boxes</source>
        <translation>Notizen zu {} Rahmen</translation>
    </message>
    <message>
        <source>Nudge box</source>
        <translation>Rahmen anstoßen</translation>
    </message>
    <message>
        <source>Nudge {} boxes</source>
        <translation>{} Rahmen anstoßen</translation>
    </message>
    <message>
        <source>Paste box</source>
        <translation>Rahmen einfügen</translation>
    </message>
    <message>
        <source>Paste {} boxes</source>
        <translation>{} Rahmen einfügen</translation>
    </message>
    <message>
        <source>Reorder box</source>
        <translation>Rahmen umordnen</translation>
    </message>
    <message>
        <source>Reorder {} boxes</source>
        <translation>{} Rahmen umordnen</translation>
    </message>
    <message>
        <source>Resize box</source>
        <translation>Rahmen in der Größe ändern</translation>
    </message>
    <message>
        <source>Resize {} boxes</source>
        <translation>{} Rahmen in der Größe ändern</translation>
    </message>
    <message>
        <source>Seed of box</source>
        <translation>Startwert des Rahmens</translation>
    </message>
    <message>
        <source>Seed of {} boxes</source>
        <translation>Startwert von {} Rahmen</translation>
    </message>
    <message>
        <source>Show box</source>
        <translation>Rahmen einblenden</translation>
    </message>
    <message>
        <source>Show {} boxes</source>
        <translation>{} Rahmen einblenden</translation>
    </message>
    <message>
        <source>Sort box</source>
        <translation>Rahmen sortieren</translation>
    </message>
    <message>
        <source>Sort {} boxes</source>
        <translation>{} Rahmen sortieren</translation>
    </message>
    <message>
        <source>Unlock box</source>
        <translation>Rahmen entsperren</translation>
    </message>
    <message>
        <source>Unlock {} boxes</source>
        <translation>{} Rahmen entsperren</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Opened</source>
        <translation>Geöffnet</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History of changes</source>
        <translation>Verlauf der Änderungen</translation>
    </message>
</context>
<context>
    <name>LabelEditor</name>
    <message>
        <source>Prompt of the object</source>
        <translation>Beschriftung des Objekts</translation>
    </message>
    <message>
        <source>What is in the box?</source>
        <translation>Was ist in dem Rahmen?</translation>
    </message>
</context>
<context>
    <name>LayoutsModel</name>
    <message>
        <source>1 object</source>
        <translation>1 Objekt</translation>
    </message>
    <message>
        <source>{} objects</source>
        <translation>{} Objekte</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>Datensatz</translation>
    </message>
</context>
<context>
    <name>LogViewer</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Which start of the program</source>
        <translation>Welcher Programmstart</translation>
    </message>
    <message>
        <source>How bad</source>
        <translation>Wie schlimm</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Search the log</source>
        <translation>Protokoll durchsuchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Mitlaufen</translation>
    </message>
    <message>
        <source>Keep the end of the log in sight while it grows</source>
        <translation>Das Ende des Protokolls im Blick behalten, während es wächst</translation>
    </message>
    <message>
        <source>&amp;Copy for a bug report</source>
        <translation>Für einen Fehlerbericht &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Show the folder</source>
        <translation>&amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Latest start, {}</source>
        <translation>Letzter Start, {}</translation>
    </message>
    <message>
        <source>There is no log: {} cannot be written.</source>
        <translation>Es gibt kein Protokoll: {} lässt sich nicht beschreiben.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>{0} lässt sich nicht lesen: {1}</translation>
    </message>
    <message>
        <source>{0} of {1} entries</source>
        <translation>{0} von {1} Einträgen</translation>
    </message>
    <message>
        <source>Copied. Your home folder is written as ~; names of files and labels may be in it, so please read it before you send it.</source>
        <translation>Kopiert. Ihr Benutzerordner steht als ~ darin; Namen von Dateien und Bezeichnungen können darin vorkommen, lesen Sie es also bitte, bevor Sie es verschicken.</translation>
    </message>
</context>
<context>
    <name>LostWork</name>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
    <message>
        <source>Boxpaint ended unexpectedly at {} while {} was not saved.</source>
        <translation>Boxpaint endete um {} unerwartet, ohne dass {} gespeichert war.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Erzeugung</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>One box has no prompt yet.</source>
        <translation>Ein Rahmen ist noch nicht beschriftet.</translation>
    </message>
    <message>
        <source>{} boxes have no prompt yet.</source>
        <translation>{} Rahmen sind noch nicht beschriftet.</translation>
    </message>
    <message>
        <source>Label it</source>
        <translation>Beschriften</translation>
    </message>
    <message>
        <source>No model is installed. Choose the folder of an inpainting pipeline.</source>
        <translation>Kein Modell ist installiert. Wählen Sie den Ordner einer Inpainting-Pipeline.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Undo {}</source>
        <translation>&amp;Rückgängig: {}</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo {}</source>
        <translation>&amp;Wiederholen: {}</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close the message</source>
        <translation>Meldung schließen</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Minimap</source>
        <translation>Übersichtskarte</translation>
    </message>
    <message>
        <source>The arrow keys move the visible part of the picture</source>
        <translation>Die Pfeiltasten verschieben den sichtbaren Teil des Bildes</translation>
    </message>
    <message>
        <source>Click or drag to see another part</source>
        <translation>Klicken oder ziehen Sie, um einen anderen Teil zu sehen</translation>
    </message>
</context>
<context>
    <name>ModelChoices</name>
    <message>
        <source>Folder of a diffusers inpainting pipeline</source>
        <translation>Ordner einer diffusers-Inpainting-Pipeline</translation>
    </message>
    <message>
        <source>LoRA file</source>
        <translation>LoRA-Datei</translation>
    </message>
    <message>
        <source>LoRA files (*.safetensors)</source>
        <translation>LoRA-Dateien (*.safetensors)</translation>
    </message>
</context>
<context>
    <name>ModelManager</name>
    <message>
        <source>{} is here and can be chosen.</source>
        <translation>{} ist hier und kann gewählt werden.</translation>
    </message>
    <message>
        <source>{0} was not fetched: {1}</source>
        <translation>{0} wurde nicht geladen: {1}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>{} is taken in…</source>
        <translation>{} wird übernommen…</translation>
    </message>
    <message>
        <source>Another model is being checked or taken in: wait for it.</source>
        <translation>Ein anderes Modell wird gerade geprüft oder übernommen: Bitte darauf warten.</translation>
    </message>
    <message>
        <source>{0} cannot be used. {1}</source>
        <translation>{0} ist nicht zu gebrauchen. {1}</translation>
    </message>
    <message>
        <source>{0} can be used. {1}</source>
        <translation>{0} ist zu gebrauchen. {1}</translation>
    </message>
    <message>
        <source>{0} is sound: its {1} files have the content that was fetched.</source>
        <translation>{0} ist in Ordnung: Seine {1} Dateien haben den Inhalt, der geladen wurde.</translation>
    </message>
    <message>
        <source>{} is sound: nothing is missing, broken or unsafe.</source>
        <translation>{} ist in Ordnung: Nichts fehlt, ist beschädigt oder unsicher.</translation>
    </message>
    <message>
        <source>Remove the model</source>
        <translation>Modell löschen</translation>
    </message>
    <message>
        <source>Delete {0} from the disk ({1})?</source>
        <translation>{0} von der Platte löschen ({1})?</translation>
    </message>
    <message>
        <source>Runs that were painted with it stay. The hub&apos;s shared cache is left as it is.</source>
        <translation>Läufe, die damit gemalt wurden, bleiben. Der gemeinsame Zwischenspeicher des Hubs bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>{0} was not deleted: {1}</source>
        <translation>{0} wurde nicht gelöscht: {1}</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>built in</source>
        <translation>mitgeliefert</translation>
    </message>
    <message>
        <source>here</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>half here</source>
        <translation>halb da</translation>
    </message>
    <message>
        <source>to fetch</source>
        <translation>zu laden</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>is fetched</source>
        <translation>wird geladen</translation>
    </message>
    <message>
        <source>is checked</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <source>paints</source>
        <translation>malt</translation>
    </message>
    <message>
        <source>detects</source>
        <translation>erkennt</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>in parts</source>
        <translation>in Teilen</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>knapp</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>zu groß</translation>
    </message>
    <message>
        <source>comes with the program: CLEVR scenes, in seconds and without a GPU</source>
        <translation>kommt mit dem Programm: CLEVR-Szenen, in Sekunden und ohne GPU</translation>
    </message>
    <message>
        <source>comes with the program: finds the 48 CLEVR classes</source>
        <translation>kommt mit dem Programm: findet die 48 CLEVR-Klassen</translation>
    </message>
    <message>
        <source>the paper&apos;s model for CLEVR and LayoutBench</source>
        <translation>das Modell des Artikels für CLEVR und LayoutBench</translation>
    </message>
    <message>
        <source>the paper&apos;s model for everyday objects (LayoutBench-COCO)</source>
        <translation>das Modell des Artikels für Alltägliches (LayoutBench-COCO)</translation>
    </message>
    <message>
        <source>ReCo, one call per picture (LayoutBench-COCO)</source>
        <translation>ReCo, ein Aufruf je Bild (LayoutBench-COCO)</translation>
    </message>
    <message>
        <source>GLIGEN, text boxes, one call per picture (LayoutBench-COCO)</source>
        <translation>GLIGEN, Rahmen mit Text, ein Aufruf je Bild (LayoutBench-COCO)</translation>
    </message>
    <message>
        <source>GLIGEN, paints one text box after the other on a picture</source>
        <translation>GLIGEN, malt einen Rahmen mit Text nach dem anderen auf ein Bild</translation>
    </message>
    <message>
        <source>Stable Diffusion 1.5 led by a map of the boxes&apos; classes (LayoutBench-COCO)</source>
        <translation>Stable Diffusion 1.5, geführt von einer Karte der Klassen (LayoutBench-COCO)</translation>
    </message>
    <message>
        <source>Stable Diffusion 1.5 for inpainting, anything in English</source>
        <translation>Stable Diffusion 1.5 zum Hineinmalen, alles auf Englisch</translation>
    </message>
    <message>
        <source>Stable Diffusion 2 for inpainting, anything in English</source>
        <translation>Stable Diffusion 2 zum Hineinmalen, alles auf Englisch</translation>
    </message>
    <message>
        <source>Stable Diffusion XL for inpainting, larger and slower</source>
        <translation>Stable Diffusion XL zum Hineinmalen, größer und langsamer</translation>
    </message>
    <message>
        <source>FLUX.1 Fill, the best pictures of these, needs a large machine</source>
        <translation>FLUX.1 Fill, die besten Bilder von allen, braucht einen großen Rechner</translation>
    </message>
    <message>
        <source>the paper&apos;s detector for CLEVR and LayoutBench, 48 classes</source>
        <translation>der Detektor des Artikels für CLEVR und LayoutBench, 48 Klassen</translation>
    </message>
    <message>
        <source>PicoDet, 80 everyday classes, small and quick, needs no hub</source>
        <translation>PicoDet, 80 alltägliche Klassen, klein und schnell, braucht keinen Hub</translation>
    </message>
    <message>
        <source>DETR, 80 everyday classes</source>
        <translation>DETR, 80 alltägliche Klassen</translation>
    </message>
    <message>
        <source>RT-DETR, 80 everyday classes, faster</source>
        <translation>RT-DETR, 80 alltägliche Klassen, schneller</translation>
    </message>
    <message>
        <source>D-FINE, 80 everyday classes, small</source>
        <translation>D-FINE, 80 alltägliche Klassen, klein</translation>
    </message>
    <message>
        <source>OWLv2, finds what a text names</source>
        <translation>OWLv2, findet, was ein Text nennt</translation>
    </message>
    <message>
        <source>Grounding DINO, finds what a text names</source>
        <translation>Grounding DINO, findet, was ein Text nennt</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
</context>
<context>
    <name>ModelsPanel</name>
    <message>
        <source>Search the models</source>
        <translation>Modelle durchsuchen</translation>
    </message>
    <message>
        <source>About the model</source>
        <translation>Über das Modell</translation>
    </message>
    <message>
        <source>How much of the model is here</source>
        <translation>Wie viel von dem Modell hier ist</translation>
    </message>
    <message>
        <source>Another model of the hub: owner/name</source>
        <translation>Ein anderes Modell des Hubs: Besitzer/Name</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Columns of the models</source>
        <translation>Spalten der Modelle</translation>
    </message>
    <message>
        <source>&amp;Fetch</source>
        <translation>&amp;Laden</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>Lö&amp;schen…</translation>
    </message>
    <message>
        <source>Show the f&amp;older</source>
        <translation>Ordner &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Import a folder…</source>
        <translation>&amp;Ordner übernehmen…</translation>
    </message>
    <message>
        <source>Import a fi&amp;le…</source>
        <translation>&amp;Datei übernehmen…</translation>
    </message>
    <message>
        <source>Fetch i&amp;t</source>
        <translation>Dies la&amp;den</translation>
    </message>
    <message>
        <source>Stop, and delete what is here of it</source>
        <translation>Anhalten und löschen, was davon hier ist</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>Lizenz nicht angegeben</translation>
    </message>
    <message>
        <source>Needs an account: accept its terms on {}, then log in with: hf auth login</source>
        <translation>Braucht ein Konto: die Bedingungen auf {} annehmen, dann anmelden mit: hf auth login</translation>
    </message>
</context>
<context>
    <name>ModelsTable</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>Wofür es ist</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
</context>
<context>
    <name>ObjectsModel</name>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Sich.</translation>
    </message>
    <message>
        <source>IoU {}</source>
        <translation>IoU {}</translation>
    </message>
    <message>
        <source>score {}</source>
        <translation>Sicherheit {}</translation>
    </message>
    <message>
        <source>{}, IoU {:.2f}, score {:.2f}</source>
        <translation>{}, IoU {:.2f}, Sicherheit {:.2f}</translation>
    </message>
    <message>
        <source>{} (it has been changed since)</source>
        <translation>{} (seither geändert)</translation>
    </message>
    <message>
        <source>hidden, not painted</source>
        <translation>ausgeblendet, wird nicht gemalt</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>sichtbar</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>not locked</source>
        <translation>nicht gesperrt</translation>
    </message>
    <message>
        <source>Object {}: {}, {} × {} pixels at {}, {}</source>
        <translation>Objekt {}: {}, {} × {} Pixel bei {}, {}</translation>
    </message>
    <message>
        <source>no prompt yet</source>
        <translation>noch ohne Beschriftung</translation>
    </message>
    <message>
        <source>, seed {}</source>
        <translation>, Startwert {}</translation>
    </message>
</context>
<context>
    <name>ObjectsPanel</name>
    <message>
        <source>Objects in painting order</source>
        <translation>Objekte in der Reihenfolge des Malens</translation>
    </message>
    <message>
        <source>Columns of the objects</source>
        <translation>Spalten der Objekte</translation>
    </message>
    <message>
        <source>Search objects</source>
        <translation>Objekte suchen</translation>
    </message>
    <message>
        <source>Painted from top to bottom; drag to reorder.</source>
        <translation>Gemalt wird von oben nach unten; Ziehen ordnet um.</translation>
    </message>
    <message>
        <source>Draw a box to begin.</source>
        <translation>Zeichnen Sie zuerst einen Rahmen.</translation>
    </message>
</context>
<context>
    <name>PictureCache</name>
    <message>
        <source>The picture {} is missing.</source>
        <translation>Das Bild {} fehlt.</translation>
    </message>
    <message>
        <source>The picture {} cannot be read: {}.</source>
        <translation>Das Bild {} lässt sich nicht lesen: {}.</translation>
    </message>
</context>
<context>
    <name>PictureFile</name>
    <message>
        <source>it has more than {} million pixels</source>
        <translation>es hat mehr als {} Millionen Pixel</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>it is no picture of a known kind</source>
        <translation>es ist kein Bild einer bekannten Art</translation>
    </message>
    <message>
        <source>it is a JPEG of too many passes</source>
        <translation>es ist ein JPEG mit zu vielen Durchgängen</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>The chosen picture</source>
        <translation>Das gewählte Bild</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keins</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>As the system is</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Takes effect at the next start</source>
        <translation>Gilt ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Size of texts</source>
        <translation>Größe der Texte</translation>
    </message>
    <message>
        <source>Give boxes of each colour dashes of their own</source>
        <translation>Rahmen jeder Farbe eigene Striche geben</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Nothing slides or blinks by itself</source>
        <translation>Nichts gleitet oder blinkt von selbst</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>The usual place</source>
        <translation>Der übliche Ort</translation>
    </message>
    <message>
        <source>Keep runs in</source>
        <translation>Läufe ablegen in</translation>
    </message>
    <message>
        <source>Draw boxes to the lines of others</source>
        <translation>Rahmen an den Linien anderer einrasten</translation>
    </message>
    <message>
        <source>Snapping</source>
        <translation>Einrasten</translation>
    </message>
    <message>
        <source>Spacing of a grid to snap to</source>
        <translation>Abstand eines Rasters zum Einrasten</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Show the start page when no file is opened</source>
        <translation>Startseite zeigen, wenn keine Datei geöffnet wird</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>Beim Start</translation>
    </message>
    <message>
        <source>Load the model while a layout is being drawn</source>
        <translation>Modell laden, während ein Layout gezeichnet wird</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>How sure the detector must be to make a box</source>
        <translation>Wie sicher der Detektor sein muss, um einen Rahmen zu machen</translation>
    </message>
    <message>
        <source>Least score of a detection</source>
        <translation>Mindestsicherheit eines Fundes</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Model&apos;s own</source>
        <translation>Wie das Modell</translation>
    </message>
    <message>
        <source>Paper, CLEVR</source>
        <translation>Veröffentlichung, CLEVR</translation>
    </message>
    <message>
        <source>Paper, COCO</source>
        <translation>Veröffentlichung, COCO</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Am besten</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>Object {0} has no prompt.</source>
        <translation>Objekt {0} hat keine Beschriftung.</translation>
    </message>
    <message>
        <source>Object {0}: the model does not know “{1}”.</source>
        <translation>Objekt {0}: Das Modell kennt „{1}“ nicht.</translation>
    </message>
    <message>
        <source>Object {0} is smaller than the model can paint ({2:.0f} × {3:.0f} pixels).</source>
        <translation>Objekt {0} ist kleiner, als das Modell malen kann ({2:.0f} × {3:.0f} Pixel).</translation>
    </message>
    <message>
        <source>Object {0} is painted over by what comes after it.</source>
        <translation>Objekt {0} wird von dem übermalt, was nach ihm kommt.</translation>
    </message>
    <message>
        <source>Label it</source>
        <translation>Beschriften</translation>
    </message>
    <message>
        <source>Use “{}”</source>
        <translation>„{}“ verwenden</translation>
    </message>
    <message>
        <source>Enlarge it</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Paint it last</source>
        <translation>Zuletzt malen</translation>
    </message>
</context>
<context>
    <name>ProblemsPanel</name>
    <message>
        <source>Problems of the layout</source>
        <translation>Probleme des Layouts</translation>
    </message>
    <message>
        <source>Mend</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>No problems found.</source>
        <translation>Keine Probleme gefunden.</translation>
    </message>
</context>
<context>
    <name>Project</name>
    <message>
        <source>layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
</context>
<context>
    <name>ProjectController</name>
    <message>
        <source>layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>{} was deleted from the project.</source>
        <translation>{} wurde aus dem Projekt gelöscht.</translation>
    </message>
    <message>
        <source>{} layouts were deleted from the project.</source>
        <translation>{} Layouts wurden aus dem Projekt gelöscht.</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>ProjectPanel</name>
    <message>
        <source>Layouts of the project</source>
        <translation>Layouts des Projekts</translation>
    </message>
    <message>
        <source>New layout in the project</source>
        <translation>Neues Layout im Projekt</translation>
    </message>
    <message>
        <source>Duplicate the selected layouts</source>
        <translation>Die ausgewählten Layouts duplizieren</translation>
    </message>
    <message>
        <source>Delete the selected layouts (Del)</source>
        <translation>Die ausgewählten Layouts löschen (Entf)</translation>
    </message>
    <message>
        <source>1 layout · F2 renames</source>
        <translation>1 Layout · F2 benennt um</translation>
    </message>
    <message>
        <source>{} layouts</source>
        <translation>{} Layouts</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
</context>
<context>
    <name>PromptDelegate</name>
    <message>
        <source>Prompt of the object</source>
        <translation>Beschriftung des Objekts</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Runs that wait</source>
        <translation>Wartende Läufe</translation>
    </message>
    <message>
        <source>Pause or go on with the queue</source>
        <translation>Warteschlange anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Sweep…</source>
        <translation>Versuchsreihe…</translation>
    </message>
    <message>
        <source>Many runs of this layout with other seeds, orders, guidance …</source>
        <translation>Viele Läufe dieses Layouts mit anderen Startwerten, Reihenfolgen, Guidance …</translation>
    </message>
    <message>
        <source>Remove from the queue</source>
        <translation>Aus der Warteschlange nehmen</translation>
    </message>
    <message>
        <source>Remove from the queue (Del)</source>
        <translation>Aus der Warteschlange nehmen (Entf)</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Nothing waits. Queue adds the layout as it is now.</source>
        <translation>Nichts wartet. „Warteschlange“ fügt das Layout hinzu, wie es jetzt ist.</translation>
    </message>
</context>
<context>
    <name>QueueRoom</name>
    <message>
        <source>{} runs wait from the last time.</source>
        <translation>{} Läufe warten noch vom letzten Mal.</translation>
    </message>
    <message>
        <source>One run waits from the last time.</source>
        <translation>Ein Lauf wartet noch vom letzten Mal.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Another run is under way: this one waits its turn.</source>
        <translation>Ein anderer Lauf ist im Gange: Dieser wartet, bis er an der Reihe ist.</translation>
    </message>
    <message>
        <source>{} waiting</source>
        <translation>{} warten</translation>
    </message>
    <message>
        <source>, paused</source>
        <translation>, angehalten</translation>
    </message>
    <message>
        <source>, about {} in all</source>
        <translation>, insgesamt etwa {}</translation>
    </message>
    <message>
        <source>The queue is paused: this waits until it goes on.</source>
        <translation>Die Warteschlange ist angehalten: dies wartet, bis sie weitergeht.</translation>
    </message>
    <message>
        <source>{} The queue waits.</source>
        <translation>{} Die Warteschlange wartet.</translation>
    </message>
    <message>
        <source>The run is finished.</source>
        <translation>Der Lauf ist fertig.</translation>
    </message>
    <message>
        <source>The run has ended.</source>
        <translation>Der Lauf ist zu Ende.</translation>
    </message>
</context>
<context>
    <name>ReadingDialog</name>
    <message>
        <source>How are the boxes meant?</source>
        <translation>Wie sind die Rahmen gemeint?</translation>
    </message>
    <message>
        <source>Ways to read the boxes</source>
        <translation>Lesarten der Rahmen</translation>
    </message>
    <message>
        <source>The file does not say how its boxes are meant. Do they fit here?</source>
        <translation>Die Datei sagt nicht, wie ihre Rahmen gemeint sind. Passen sie hier?</translation>
    </message>
    <message>
        <source>Layout before</source>
        <translation>Voriges Layout</translation>
    </message>
    <message>
        <source>Next layout</source>
        <translation>Nächstes Layout</translation>
    </message>
    <message>
        <source>{} % of the boxes fit the picture</source>
        <translation>{} % der Rahmen passen ins Bild</translation>
    </message>
    <message>
        <source>It cannot be read like this: {}</source>
        <translation>So lässt sie sich nicht lesen: {}</translation>
    </message>
    <message>
        <source>The best guess: {}.</source>
        <translation>Die beste Vermutung: {}.</translation>
    </message>
</context>
<context>
    <name>Readings</name>
    <message>
        <source>left, top, right, bottom</source>
        <translation>links, oben, rechts, unten</translation>
    </message>
    <message>
        <source>left, top, width, height</source>
        <translation>links, oben, Breite, Höhe</translation>
    </message>
    <message>
        <source>middle, middle, width, height</source>
        <translation>Mitte, Mitte, Breite, Höhe</translation>
    </message>
    <message>
        <source>top, left, bottom, right</source>
        <translation>oben, links, unten, rechts</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>shares of the sides, 0 to 1</source>
        <translation>Anteile der Seiten, 0 bis 1</translation>
    </message>
    <message>
        <source>thousandths, 0 to 1000</source>
        <translation>Tausendstel, 0 bis 1000</translation>
    </message>
    <message>
        <source>The boxes as they would be read</source>
        <translation>Die Rahmen, wie sie gelesen würden</translation>
    </message>
    <message>
        <source>{0} in {1}</source>
        <translation>{0} in {1}</translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message>
        <source>If Boxpaint ended unexpectedly now, changes would be lost; save your work. The reason: {}</source>
        <translation>Würde Boxpaint jetzt unerwartet enden, gingen Änderungen verloren; speichern Sie Ihre Arbeit. Der Grund: {}</translation>
    </message>
</context>
<context>
    <name>ReferencePicture</name>
    <message>
        <source>Clipboard</source>
        <translation>Zwischenablage</translation>
    </message>
    <message>
        <source>{}: the picture cannot be read ({}).</source>
        <translation>{}: Das Bild lässt sich nicht lesen ({}).</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>lost at step {}</source>
        <translation>in Schritt {} verloren</translation>
    </message>
    <message>
        <source>hit</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>miss</source>
        <translation>verfehlt</translation>
    </message>
    <message>
        <source>not known to the detector</source>
        <translation>dem Detektor unbekannt</translation>
    </message>
    <message>
        <source>No detector looked at this run.</source>
        <translation>Kein Detektor hat diesen Lauf angesehen.</translation>
    </message>
</context>
<context>
    <name>ResultsModel</name>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>IoU {}</source>
        <translation>IoU {}</translation>
    </message>
    <message>
        <source>score {}</source>
        <translation>Sicherheit {}</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>What the detector says of each object</source>
        <translation>Was der Detektor zu jedem Objekt sagt</translation>
    </message>
    <message>
        <source>Columns of the results</source>
        <translation>Spalten der Ergebnisse</translation>
    </message>
    <message>
        <source>{} of {} objects found at a score of {:.2f}.</source>
        <translation>{} von {} Objekten gefunden ab Sicherheit {:.2f}.</translation>
    </message>
    <message>
        <source>After a run this tells which objects the detector finds.</source>
        <translation>Nach einem Lauf steht hier, welche Objekte der Detektor findet.</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>Ruler across</source>
        <translation>Lineal oben</translation>
    </message>
    <message>
        <source>Ruler down</source>
        <translation>Lineal links</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>filled box</source>
        <translation>ausgefüllter Rahmen</translation>
    </message>
    <message>
        <source>step {}</source>
        <translation>Schritt {}</translation>
    </message>
</context>
<context>
    <name>RunQueue</name>
    <message>
        <source>The queue of the last time cannot be read ({}).</source>
        <translation>Die Warteschlange vom letzten Mal lässt sich nicht lesen ({}).</translation>
    </message>
    <message>
        <source>A run of the queue cannot be read ({}); the others are there.</source>
        <translation>Ein Lauf der Warteschlange lässt sich nicht lesen ({}); die anderen sind da.</translation>
    </message>
    <message>
        <source>seed {}: {}</source>
        <translation>Startwert {}: {}</translation>
    </message>
</context>
<context>
    <name>RunRoom</name>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Folder of a run</source>
        <translation>Ordner eines Laufs</translation>
    </message>
    <message>
        <source>Step {}: {}</source>
        <translation>Schritt {}: {}</translation>
    </message>
    <message>
        <source> And {} more steps.</source>
        <translation> Und {} weitere Schritte.</translation>
    </message>
    <message>
        <source>This run was painted from another layout than the one on the canvas.</source>
        <translation>Dieser Lauf wurde nach einem anderen Layout gemalt als dem auf der Zeichenfläche.</translation>
    </message>
    <message>
        <source>Edit its layout</source>
        <translation>Dessen Layout bearbeiten</translation>
    </message>
    <message>
        <source>Take over a run&apos;s layout</source>
        <translation>Layout eines Laufs übernehmen</translation>
    </message>
    <message>
        <source>The steps are not looked at: {}</source>
        <translation>Die Schritte werden nicht angesehen: {}</translation>
    </message>
    <message>
        <source>Memory ran out. With less of the model on the device ({}) the step is painted again: more slowly, to the same picture.</source>
        <translation>Der Speicher reichte nicht. Mit weniger vom Modell auf dem Gerät ({}) wird der Schritt noch einmal gemalt: langsamer, zum selben Bild.</translation>
    </message>
    <message>
        <source>Show in the timeline</source>
        <translation>In der Zeitleiste zeigen</translation>
    </message>
    <message>
        <source>Show its branches</source>
        <translation>Dessen Zweige zeigen</translation>
    </message>
    <message>
        <source>Show its sweep</source>
        <translation>Seine Versuchsreihe zeigen</translation>
    </message>
</context>
<context>
    <name>Runs</name>
    <message>
        <source>background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>being painted</source>
        <translation>wird gemalt</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>branch after step {}</source>
        <translation>Zweig nach Schritt {}</translation>
    </message>
    <message>
        <source>seed {}</source>
        <translation>Startwert {}</translation>
    </message>
</context>
<context>
    <name>RunsPanel</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Runs appear here, each under the one that it branches off.</source>
        <translation>Hier erscheinen Läufe, jeder unter dem, von dem er abzweigt.</translation>
    </message>
    <message>
        <source>Open a run&apos;s folder</source>
        <translation>Ordner eines Laufs öffnen</translation>
    </message>
    <message>
        <source>Show the branches as a picture</source>
        <translation>Zweige als Bild zeigen</translation>
    </message>
</context>
<context>
    <name>SampleCard</name>
    <message>
        <source>Open {}</source>
        <translation>{} öffnen</translation>
    </message>
    <message>
        <source>Open, to change it or to look at it first</source>
        <translation>Öffnen, um es zu ändern oder erst anzusehen</translation>
    </message>
    <message>
        <source>Paint it</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Paint {}</source>
        <translation>{} malen</translation>
    </message>
    <message>
        <source>One object</source>
        <translation>Ein Objekt</translation>
    </message>
    <message>
        <source>{} objects</source>
        <translation>{} Objekte</translation>
    </message>
    <message>
        <source>Open it and paint it at once</source>
        <translation>Öffnen und gleich malen</translation>
    </message>
    <message>
        <source>The chosen model does not know these words; open it and choose another model</source>
        <translation>Das gewählte Modell kennt diese Wörter nicht; öffnen Sie es und wählen Sie ein anderes Modell</translation>
    </message>
</context>
<context>
    <name>Samples</name>
    <message>
        <source>Two rows</source>
        <translation>Zwei Reihen</translation>
    </message>
    <message>
        <source>Scattered</source>
        <translation>Verstreut</translation>
    </message>
    <message>
        <source>Few</source>
        <translation>Wenige</translation>
    </message>
    <message>
        <source>Many</source>
        <translation>Viele</translation>
    </message>
    <message>
        <source>Crowded in the centre</source>
        <translation>Gedrängt in der Mitte</translation>
    </message>
    <message>
        <source>Along the edges</source>
        <translation>An den Rändern</translation>
    </message>
    <message>
        <source>Tiny</source>
        <translation>Winzig</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Groß</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>Breit</translation>
    </message>
    <message>
        <source>Tall</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Dog on a vase</source>
        <translation>Hund auf einer Vase</translation>
    </message>
    <message>
        <source>Bicycle over a vase</source>
        <translation>Fahrrad über einer Vase</translation>
    </message>
</context>
<context>
    <name>ScoreForm</name>
    <message>
        <source>Runs to score</source>
        <translation>Läufe zum Bewerten</translation>
    </message>
    <message>
        <source>Choose the dataset&apos;s file</source>
        <translation>Datei des Datensatzes wählen</translation>
    </message>
    <message>
        <source>Choose the dataset&apos;s folder</source>
        <translation>Ordner des Datensatzes wählen</translation>
    </message>
    <message>
        <source>Layouts of the pictures</source>
        <translation>Layouts der Bilder</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>LayoutBench</source>
        <translation>LayoutBench</translation>
    </message>
    <message>
        <source>LayoutBench-COCO</source>
        <translation>LayoutBench-COCO</translation>
    </message>
    <message>
        <source>COCO, the dataset&apos;s own classes</source>
        <translation>COCO, eigene Klassen des Datensatzes</translation>
    </message>
    <message>
        <source>Who looks at the pictures</source>
        <translation>Wer die Bilder ansieht</translation>
    </message>
    <message>
        <source>Choose a file of stored detections</source>
        <translation>Datei mit gespeicherten Funden wählen</translation>
    </message>
    <message>
        <source>Stored detections</source>
        <translation>Gespeicherte Funde</translation>
    </message>
    <message>
        <source>Choose a detector&apos;s folder</source>
        <translation>Ordner eines Detektors wählen</translation>
    </message>
    <message>
        <source>What chance would score</source>
        <translation>Was der Zufall erreicht</translation>
    </message>
    <message>
        <source>Also score against the layouts of other pictures</source>
        <translation>Auch gegen die Layouts anderer Bilder bewerten</translation>
    </message>
    <message>
        <source>Fréchet distances</source>
        <translation>Fréchet-Abstände</translation>
    </message>
    <message>
        <source>To the dataset&apos;s own pictures, on the detector&apos;s features; not FID</source>
        <translation>Zu den Bildern des Datensatzes, auf Merkmalen des Detektors; nicht FID</translation>
    </message>
    <message>
        <source>FID and SceneFID</source>
        <translation>FID und SceneFID</translation>
    </message>
    <message>
        <source>To the dataset&apos;s own pictures, on Inception&apos;s features</source>
        <translation>Zu den eigenen Bildern des Datensatzes, auf den Merkmalen von Inception</translation>
    </message>
    <message>
        <source>Choose the TorchScript file of Inception</source>
        <translation>Die TorchScript-Datei von Inception wählen</translation>
    </message>
    <message>
        <source>Weights of Inception</source>
        <translation>Gewichte von Inception</translation>
    </message>
    <message>
        <source>Inception: from boxpaint[fid]</source>
        <translation>Inception: aus boxpaint[fid]</translation>
    </message>
    <message>
        <source>A TorchScript file; left empty, the one that boxpaint[fid] brings</source>
        <translation>Eine TorchScript-Datei; leer gelassen, die von boxpaint[fid]</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>Layouts</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Also</source>
        <translation>Außerdem</translation>
    </message>
    <message>
        <source>Detector in a folder</source>
        <translation>Detektor in einem Ordner</translation>
    </message>
</context>
<context>
    <name>ScoresPanel</name>
    <message>
        <source>Score</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop scoring</source>
        <translation>Bewerten anhalten</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>Bericht…</translation>
    </message>
    <message>
        <source>Write a page, tables and COCO files about the chosen runs</source>
        <translation>Eine Seite, Tabellen und COCO-Dateien über die gewählten Läufe schreiben</translation>
    </message>
    <message>
        <source>Progress of scoring</source>
        <translation>Fortschritt des Bewertens</translation>
    </message>
    <message>
        <source>Run whose scores are shown</source>
        <translation>Lauf, dessen Bewertung gezeigt wird</translation>
    </message>
    <message>
        <source>What the preflight saw</source>
        <translation>Was die Prüfung gesehen hat</translation>
    </message>
    <message>
        <source>Go on all the same</source>
        <translation>Trotzdem fortfahren</translation>
    </message>
    <message>
        <source>Score in spite of it; the findings say what is left out</source>
        <translation>Trotzdem bewerten; die Befunde sagen, was weggelassen wird</translation>
    </message>
    <message>
        <source>Figures of splits and skills</source>
        <translation>Werte der Splits und Fähigkeiten</translation>
    </message>
    <message>
        <source>Verdicts of splits and skills</source>
        <translation>Urteile der Splits und Fähigkeiten</translation>
    </message>
    <message>
        <source>Average precision of each class</source>
        <translation>Mittlere Genauigkeit jeder Klasse</translation>
    </message>
    <message>
        <source>Fine-grained bins</source>
        <translation>Feine Klassen</translation>
    </message>
    <message>
        <source>What mending each kind of mistake would give</source>
        <translation>Was das Beheben jeder Art von Fehler brächte</translation>
    </message>
    <message>
        <source>Distances to the dataset&apos;s own pictures</source>
        <translation>Abstände zu den eigenen Bildern des Datensatzes</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>Urteile</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Bins</source>
        <translation>Feine Klassen</translation>
    </message>
    <message>
        <source>Mending</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>Distances</source>
        <translation>Abstände</translation>
    </message>
    <message>
        <source>Preflight</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Nothing to remark.</source>
        <translation>Nichts zu bemerken.</translation>
    </message>
    <message>
        <source>Preflight ({})</source>
        <translation>Prüfung ({})</translation>
    </message>
    <message>
        <source>What became of the objects</source>
        <translation>Was aus den Objekten wurde</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>targets</source>
        <translation>Ziele</translation>
    </message>
    <message>
        <source>detections</source>
        <translation>Funde</translation>
    </message>
    <message>
        <source>Split or skill</source>
        <translation>Split oder Fähigkeit</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Average precision (AP)</source>
        <translation>Mittlere Genauigkeit (AP)</translation>
    </message>
    <message>
        <source>objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>box side</source>
        <translation>Seite des Rahmens</translation>
    </message>
    <message>
        <source>width : height</source>
        <translation>Breite : Höhe</translation>
    </message>
    <message>
        <source>distance from the centre</source>
        <translation>Abstand von der Mitte</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>Bin</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Mistake</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Anzahl</translation>
    </message>
</context>
<context>
    <name>Scoring</name>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>FID needs the weights of Inception, and none were found. Choose a TorchScript file of them, or install boxpaint[fid], which brings one.</source>
        <translation>FID braucht die Gewichte von Inception, und es sind keine zu finden. Bitte eine TorchScript-Datei davon wählen, oder boxpaint[fid] installieren, das eine mitbringt.</translation>
    </message>
    <message>
        <source>FID needs the weights of Inception, and there is no such file: {}</source>
        <translation>FID braucht die Gewichte von Inception, und diese Datei gibt es nicht: {}</translation>
    </message>
    <message>
        <source>Painted since they were scored: {}. Score again.</source>
        <translation>Seit der Bewertung gemalt: {}. Bitte neu bewerten.</translation>
    </message>
    <message>
        <source>Not scored yet.</source>
        <translation>Noch nicht bewertet.</translation>
    </message>
    <message>
        <source>1 run is scored.</source>
        <translation>1 Lauf ist bewertet.</translation>
    </message>
    <message>
        <source>{} runs are scored.</source>
        <translation>{} Läufe sind bewertet.</translation>
    </message>
    <message>
        <source>{}: starting …</source>
        <translation>{}: startet …</translation>
    </message>
    <message>
        <source>looking at the pictures</source>
        <translation>sieht die Bilder an</translation>
    </message>
    <message>
        <source>looking for objects</source>
        <translation>sucht Objekte</translation>
    </message>
    <message>
        <source>looking for objects in the steps</source>
        <translation>sucht Objekte in den Schritten</translation>
    </message>
    <message>
        <source>comparing with the dataset&apos;s pictures</source>
        <translation>vergleicht mit den Bildern des Datensatzes</translation>
    </message>
    <message>
        <source>{0}: {1}, {2} of {3}</source>
        <translation>{0}: {1}, {2} von {3}</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>The report is in {}.</source>
        <translation>Der Bericht liegt in {}.</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Draw boxes on the empty canvas, or begin with an example.</source>
        <translation>Zeichnen Sie Rahmen auf die leere Fläche, oder beginnen Sie mit einem Beispiel.</translation>
    </message>
    <message>
        <source>Open the example</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>The settings were not saved: {}</source>
        <translation>Die Einstellungen wurden nicht gespeichert: {}</translation>
    </message>
</context>
<context>
    <name>Sets</name>
    <message>
        <source>The {} layouts of the project</source>
        <translation>Die {} Layouts des Projekts</translation>
    </message>
    <message>
        <source>The {} selected layouts</source>
        <translation>Die {} ausgewählten Layouts</translation>
    </message>
    <message>
        <source>The {} layouts that the filter shows</source>
        <translation>Die {} Layouts, die der Filter zeigt</translation>
    </message>
    <message>
        <source>All {} layouts</source>
        <translation>Alle {} Layouts</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The settings cannot be read ({}); the usual ones are used.</source>
        <translation>Die Einstellungen lassen sich nicht lesen ({}); die üblichen gelten.</translation>
    </message>
    <message>
        <source>The settings could not be read ({0}). They were set aside as {1}; the usual ones are used.</source>
        <translation>Die Einstellungen ließen sich nicht lesen ({0}). Sie liegen nun als {1} beiseite; die üblichen gelten.</translation>
    </message>
</context>
<context>
    <name>SettingsDialogs</name>
    <message>
        <source>Boxpaint speaks the other language from its next start on.</source>
        <translation>Boxpaint spricht die andere Sprache ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Texts have the other size from the next start on.</source>
        <translation>Die Texte haben die andere Größe ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Draw boxes, say what belongs in each, watch the picture being painted.</source>
        <translation>Rahmen zeichnen, sagen, was hineingehört, und zusehen, wie das Bild gemalt wird.</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>moves boxes and the timeline</source>
        <translation>verschiebt Rahmen und bewegt die Zeitleiste</translation>
    </message>
    <message>
        <source>labels the selected boxes</source>
        <translation>beschriftet die ausgewählten Rahmen</translation>
    </message>
    <message>
        <source>moves the view while it is held</source>
        <translation>verschiebt die Ansicht, solange sie gedrückt ist</translation>
    </message>
    <message>
        <source>ends what is under way</source>
        <translation>beendet, was im Gange ist</translation>
    </message>
    <message>
        <source>starts typing a prompt</source>
        <translation>beginnt eine Beschriftung</translation>
    </message>
    <message>
        <source>goes to the next control</source>
        <translation>geht zum nächsten Bedienelement</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for a command or a key, e.g. Ctrl+D</source>
        <translation>Befehl oder Taste suchen, z. B. Strg+D</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>Keine Tasten</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>Übliche Tasten</translation>
    </message>
    <message>
        <source>Usual keys for all</source>
        <translation>Übliche Tasten für alle</translation>
    </message>
    <message>
        <source>&amp;New keys:</source>
        <translation>&amp;Neue Tasten:</translation>
    </message>
    <message>
        <source>{}, changed</source>
        <translation>{}, geändert</translation>
    </message>
    <message>
        <source>no keys</source>
        <translation>keine Tasten</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Take over as well</source>
        <translation>Zusätzlich übernehmen</translation>
    </message>
    <message>
        <source>Use as well</source>
        <translation>Zusätzlich verwenden</translation>
    </message>
    <message>
        <source>No command is called so.</source>
        <translation>Kein Befehl heißt so.</translation>
    </message>
    <message>
        <source>Press the new keys for “{}” in the field.</source>
        <translation>Drücken Sie im Feld die neuen Tasten für „{}“.</translation>
    </message>
    <message>
        <source>{0} {1}; choose other keys.</source>
        <translation>{0} {1}; wählen Sie andere Tasten.</translation>
    </message>
    <message>
        <source>{0} belongs to “{1}”. Take it over, or press other keys.</source>
        <translation>{0} gehört zu „{1}“. Übernehmen Sie es, oder drücken Sie andere Tasten.</translation>
    </message>
    <message>
        <source>“{0}” has {1} already.</source>
        <translation>„{0}“ hat {1} schon.</translation>
    </message>
    <message>
        <source>{} is free.</source>
        <translation>{} ist frei.</translation>
    </message>
    <message>
        <source>They were taken from “{}”.</source>
        <translation>Sie wurden „{}“ weggenommen.</translation>
    </message>
</context>
<context>
    <name>SizeDialog</name>
    <message>
        <source>Size of the pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>{} does not say how large its pictures are, and none lies beside it.</source>
        <translation>{} sagt nicht, wie groß die Bilder sind, und keins liegt daneben.</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
</context>
<context>
    <name>SkillBar</name>
    <message>
        <source>there is no object yet.</source>
        <translation>noch gibt es kein Objekt.</translation>
    </message>
    <message>
        <source>{:.1f} times CLEVR&apos;s range, like LayoutBench&apos;s {}.</source>
        <translation>{:.1f}-mal CLEVRs Spanne, wie {} in LayoutBench.</translation>
    </message>
    <message>
        <source>as in CLEVR.</source>
        <translation>wie in CLEVR.</translation>
    </message>
    <message>
        <source>{0:.0f} objects, in CLEVR {2} to {3}.</source>
        <translation>{0:.0f} Objekte, in CLEVR {2} bis {3}.</translation>
    </message>
    <message>
        <source>on average {0:.2f} spreads from the middle, in CLEVR {1:.2f}.</source>
        <translation>im Mittel {0:.2f} Streuungen von der Mitte, in CLEVR {1:.2f}.</translation>
    </message>
    <message>
        <source>on average {0:.3f} of the picture&apos;s side, in CLEVR {1:.3f}.</source>
        <translation>im Mittel {0:.3f} der Bildseite, in CLEVR {1:.3f}.</translation>
    </message>
    <message>
        <source>on average {0:.2f} times as wide as high, in CLEVR {1:.2f}.</source>
        <translation>im Mittel {0:.2f}-mal so breit wie hoch, in CLEVR {1:.2f}.</translation>
    </message>
</context>
<context>
    <name>SkillGauge</name>
    <message>
        <source>How far the layout is from CLEVR&apos;s</source>
        <translation>Wie weit das Layout von denen in CLEVR entfernt ist</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Lage</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
</context>
<context>
    <name>Stalls</name>
    <message>
        <source>Wait</source>
        <translation>Warten</translation>
    </message>
    <message>
        <source>Stop the engine and go on from the finished steps</source>
        <translation>Engine beenden und nach den fertigen Schritten weitermachen</translation>
    </message>
    <message>
        <source>Stop the engine</source>
        <translation>Engine beenden</translation>
    </message>
    <message>
        <source>The engine has given no sign of life for {}: it was stopped, or it hangs.</source>
        <translation>Die Engine gibt seit {} kein Lebenszeichen: Sie wurde angehalten, oder sie hängt.</translation>
    </message>
    <message>
        <source>The engine has done nothing for {}: it seems to hang.</source>
        <translation>Die Engine tut seit {} nichts: Sie scheint zu hängen.</translation>
    </message>
    <message>
        <source>The engine has not stopped after {}: it has to end what it calculates.</source>
        <translation>Die Engine hat nach {} nicht angehalten: Sie muss beenden, was sie gerade rechnet.</translation>
    </message>
    <message>
        <source>The engine has calculated for {} without a result: a large model may take that long.</source>
        <translation>Die Engine rechnet seit {} ohne ein Ergebnis: Ein großes Modell kann so lange brauchen.</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Start page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Layouts that you open appear here.</source>
        <translation>Hier erscheinen Layouts, die Sie öffnen.</translation>
    </message>
    <message>
        <source>Show this page at the start</source>
        <translation>Diese Seite beim Start zeigen</translation>
    </message>
    <message>
        <source>Draw boxes, say what belongs in each, watch the picture being painted.</source>
        <translation>Rahmen zeichnen, sagen, was hineingehört, und zusehen, wie das Bild gemalt wird.</translation>
    </message>
    <message>
        <source>Begin with a sample</source>
        <translation>Mit einem Beispiel beginnen</translation>
    </message>
    <message>
        <source>New here? A tour of one minute shows how it works.</source>
        <translation>Neu hier? Ein Rundgang von einer Minute zeigt, wie es geht.</translation>
    </message>
    <message>
        <source>Take the tour</source>
        <translation>Rundgang beginnen</translation>
    </message>
    <message>
        <source>Don&apos;t show again</source>
        <translation>Nicht mehr zeigen</translation>
    </message>
</context>
<context>
    <name>StatisticsDialog</name>
    <message>
        <source>Statistics of {}</source>
        <translation>Statistik von {}</translation>
    </message>
    <message>
        <source>Which layouts</source>
        <translation>Welche Layouts</translation>
    </message>
    <message>
        <source>Split {0} ({1})</source>
        <translation>Split {0} ({1})</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>Bild speichern…</translation>
    </message>
    <message>
        <source>Save figures…</source>
        <translation>Zahlen speichern…</translation>
    </message>
    <message>
        <source>Not saved: {}</source>
        <translation>Nicht gespeichert: {}</translation>
    </message>
    <message>
        <source>Saved as {}.</source>
        <translation>Gespeichert als {}.</translation>
    </message>
    <message>
        <source>Picture of the statistics</source>
        <translation>Bild der Statistik</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>Layouts</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt…</translation>
    </message>
    <message>
        <source>Distance from CLEVR (0 the same, 1 disjoint): {}</source>
        <translation>Abstand von CLEVR (0 gleich, 1 nichts gemeinsam): {}</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>Bild (*.png)</translation>
    </message>
    <message>
        <source>Figures (*.json)</source>
        <translation>Zahlen (*.json)</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Drag to draw a box · Shift: square · Alt: from the centre</source>
        <translation>Ziehen zeichnet einen Rahmen · Umschalt: Quadrat · Alt: von der Mitte aus</translation>
    </message>
    <message>
        <source>Click to select · drag to move · Shift: add or keep the shape</source>
        <translation>Klicken wählt aus · Ziehen verschiebt · Umschalt: dazunehmen oder Form behalten</translation>
    </message>
</context>
<context>
    <name>StepDelegate</name>
    <message>
        <source>{:.1f} s</source>
        <translation>{:.1f} s</translation>
    </message>
    <message>
        <source>step {}</source>
        <translation>Schritt {}</translation>
    </message>
    <message>
        <source>{} · {}</source>
        <translation>{} · {}</translation>
    </message>
</context>
<context>
    <name>StepListModel</name>
    <message>
        <source>Step {} of {}: {}, {}</source>
        <translation>Schritt {} von {}: {}, {}</translation>
    </message>
    <message>
        <source>{:.1f} seconds</source>
        <translation>{:.1f} Sekunden</translation>
    </message>
    <message>
        <source>seed {}</source>
        <translation>Startwert {}</translation>
    </message>
    <message>
        <source>painted {} times</source>
        <translation>{}-mal gemalt</translation>
    </message>
    <message>
        <source>taken over from another run</source>
        <translation>aus einem anderen Lauf übernommen</translation>
    </message>
    <message>
        <source>kept pixels changed by {:.2f}</source>
        <translation>bewahrte Pixel um {:.2f} verändert</translation>
    </message>
    <message>
        <source>found</source>
        <translation>gefunden</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>being painted</source>
        <translation>wird gemalt</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>not painted</source>
        <translation>nicht gemalt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>pictures are missing</source>
        <translation>Bilder fehlen</translation>
    </message>
</context>
<context>
    <name>StepStrip</name>
    <message>
        <source>Steps of the run</source>
        <translation>Schritte des Laufs</translation>
    </message>
</context>
<context>
    <name>Sweep</name>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Compositing</source>
        <translation>Einsetzen</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Bereich</translation>
    </message>
</context>
<context>
    <name>SweepDialog</name>
    <message>
        <source>Sweep</source>
        <translation>Versuchsreihe</translation>
    </message>
    <message>
        <source>Paint them</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Across</source>
        <translation>Nach rechts</translation>
    </message>
    <message>
        <source>Values across</source>
        <translation>Werte nach rechts</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Values down</source>
        <translation>Werte nach unten</translation>
    </message>
    <message>
        <source>Paints this layout once for every combination; what is not varied is as the panel says.</source>
        <translation>Malt dieses Layout einmal für jede Kombination; was nicht variiert, ist wie im Bereich „Erzeugung“.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>{} runs</source>
        <translation>{} Läufe</translation>
    </message>
</context>
<context>
    <name>SweepRoom</name>
    <message>
        <source>Show the sweep</source>
        <translation>Die Versuchsreihe zeigen</translation>
    </message>
</context>
<context>
    <name>SweepWindow</name>
    <message>
        <source>Sweep</source>
        <translation>Versuchsreihe</translation>
    </message>
    <message>
        <source>Runs of the sweep</source>
        <translation>Läufe der Versuchsreihe</translation>
    </message>
    <message>
        <source>Save the contact sheet…</source>
        <translation>Kontaktbogen speichern…</translation>
    </message>
</context>
<context>
    <name>TimelinePanel</name>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Show each step as soon as it is painted</source>
        <translation>Jeden Schritt zeigen, sobald er gemalt ist</translation>
    </message>
    <message>
        <source>Show what the detector found</source>
        <translation>Funde des Detektors zeigen</translation>
    </message>
    <message>
        <source>Show what the detector found (B)</source>
        <translation>Funde des Detektors zeigen (B)</translation>
    </message>
    <message>
        <source>Detection threshold</source>
        <translation>Schwelle der Erkennung</translation>
    </message>
    <message>
        <source>Detections that score less are not shown and do not count</source>
        <translation>Unsicherere Funde werden nicht gezeigt und zählen nicht</translation>
    </message>
    <message>
        <source>Change of the kept pixels</source>
        <translation>Veränderung der bewahrten Pixel</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <source>Composite</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>drift {:.2f}</source>
        <translation>Drift {:.2f}</translation>
    </message>
    <message>
        <source>Mean change of the pixels that were to be kept, of 255. In pixel mode exact it is 0.</source>
        <translation>Mittlere Veränderung der Pixel, die bleiben sollten, von 255. Im genauen Pixelmodus ist sie 0.</translation>
    </message>
    <message>
        <source> · {} of {} found</source>
        <translation> · {} von {} gefunden</translation>
    </message>
    <message>
        <source>No run yet. Generate paints the layout and shows every step here.</source>
        <translation>Noch kein Lauf. „Erzeugen“ malt das Layout und zeigt hier jeden Schritt.</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Modell wird geladen…</translation>
    </message>
    <message>
        <source>Painting the first step…</source>
        <translation>Der erste Schritt wird gemalt…</translation>
    </message>
    <message>
        <source>Nothing was painted.</source>
        <translation>Nichts wurde gemalt.</translation>
    </message>
    <message>
        <source>Step {} of {} · {} · {}</source>
        <translation>Schritt {} von {} · {} · {}</translation>
    </message>
    <message>
        <source> · seed {}</source>
        <translation> · Startwert {}</translation>
    </message>
    <message>
        <source> · failed</source>
        <translation> · fehlgeschlagen</translation>
    </message>
    <message>
        <source>denoising {} of {}</source>
        <translation>Entrauschen {} von {}</translation>
    </message>
    <message>
        <source>context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>raw output</source>
        <translation>Rohausgabe</translation>
    </message>
    <message>
        <source>composite</source>
        <translation>Ergebnis</translation>
    </message>
</context>
<context>
    <name>TourController</name>
    <message>
        <source>Draw a box</source>
        <translation>Zeichnen Sie einen Rahmen</translation>
    </message>
    <message>
        <source>Drag with the mouse on the paper, or choose Object › New box. The box is where something will be painted.</source>
        <translation>Ziehen Sie mit der Maus auf dem Papier, oder wählen Sie Objekt › Neuer Rahmen. Der Rahmen ist die Stelle, an der etwas gemalt wird.</translation>
    </message>
    <message>
        <source>Say what belongs in it</source>
        <translation>Sagen Sie, was hineingehört</translation>
    </message>
    <message>
        <source>Type it and press Enter, e.g. “red metal cube”. The words that the model knows are offered while you type; F2 changes them later.</source>
        <translation>Tippen Sie es und drücken Sie die Eingabetaste, z. B. „red metal cube“. Die Wörter, die das Modell kennt, werden beim Tippen angeboten; F2 ändert sie später.</translation>
    </message>
    <message>
        <source>Paint it</source>
        <translation>Malen Sie es</translation>
    </message>
    <message>
        <source>Press Generate. The boxes are painted one after the other, then the background round them. The model that comes with the program needs no network.</source>
        <translation>Drücken Sie „Erzeugen“. Die Rahmen werden einer nach dem anderen gemalt, dann der Hintergrund um sie herum. Das mitgelieferte Modell braucht kein Netz.</translation>
    </message>
    <message>
        <source>Look at every step</source>
        <translation>Sehen Sie jeden Schritt an</translation>
    </message>
    <message>
        <source>Each finished step appears here. Move the slider, click on a step or use the arrow keys to see what the model saw and what it painted.</source>
        <translation>Jeder fertige Schritt erscheint hier. Der Schieber, ein Klick auf einen Schritt oder die Pfeiltasten zeigen, was das Modell sah und was es malte.</translation>
    </message>
    <message>
        <source>That is all you need</source>
        <translation>Das ist alles, was Sie brauchen</translation>
    </message>
    <message>
        <source>{} finds every command by a few letters of its name. The tour can be taken again from the Help menu.</source>
        <translation>{} findet jeden Befehl an ein paar Buchstaben seines Namens. Den Rundgang gibt es im Menü „Hilfe“ noch einmal.</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Frame</source>
        <translation>Einzelbild</translation>
    </message>
    <message>
        <source>First frame (Home)</source>
        <translation>Erstes Einzelbild (Pos1)</translation>
    </message>
    <message>
        <source>One frame back (Up)</source>
        <translation>Ein Einzelbild zurück (Oben)</translation>
    </message>
    <message>
        <source>Play or stop (K)</source>
        <translation>Abspielen oder anhalten (K)</translation>
    </message>
    <message>
        <source>One frame on (Down)</source>
        <translation>Ein Einzelbild weiter (Unten)</translation>
    </message>
    <message>
        <source>Last frame (End)</source>
        <translation>Letztes Einzelbild (Ende)</translation>
    </message>
    <message>
        <source>Begin anew after the last frame</source>
        <translation>Nach dem letzten Einzelbild von vorn beginnen</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Einzelbilder je Sekunde</translation>
    </message>
    <message>
        <source>{} per s</source>
        <translation>{} je s</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>hit</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>found, in its place, with its label</source>
        <translation>gefunden, an seinem Platz, mit seiner Beschriftung</translation>
    </message>
    <message>
        <source>duplicated</source>
        <translation>doppelt da</translation>
    </message>
    <message>
        <source>found, and once more beside it</source>
        <translation>gefunden, und daneben noch einmal</translation>
    </message>
    <message>
        <source>misplaced</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>the right thing, but beside its box</source>
        <translation>das Richtige, aber neben seinem Rahmen</translation>
    </message>
    <message>
        <source>wrong size</source>
        <translation>falsche Größe</translation>
    </message>
    <message>
        <source>the right thing, but much larger or smaller</source>
        <translation>das Richtige, aber viel größer oder kleiner</translation>
    </message>
    <message>
        <source>wrong attribute</source>
        <translation>falsche Eigenschaft</translation>
    </message>
    <message>
        <source>something in its place, but of another colour, material, shape or class</source>
        <translation>etwas an seinem Platz, aber mit anderer Farbe, anderem Material, anderer Form oder Klasse</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>verwachsen</translation>
    </message>
    <message>
        <source>grown together with a neighbour</source>
        <translation>mit einem Nachbarn zusammengewachsen</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>it was there when it was painted, and is not any more</source>
        <translation>es war da, als es gemalt wurde, und ist es nicht mehr</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>nothing of the kind is there</source>
        <translation>nichts dergleichen ist da</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>überzählig</translation>
    </message>
    <message>
        <source>one more of an object that was found</source>
        <translation>noch eines von einem gefundenen Objekt</translation>
    </message>
    <message>
        <source>confused</source>
        <translation>verwechselt</translation>
    </message>
    <message>
        <source>on an object that is something else</source>
        <translation>auf einem Objekt, das etwas anderes ist</translation>
    </message>
    <message>
        <source>wrong colour</source>
        <translation>falsche Farbe</translation>
    </message>
    <message>
        <source>wrong material</source>
        <translation>falsches Material</translation>
    </message>
    <message>
        <source>wrong shape</source>
        <translation>falsche Form</translation>
    </message>
    <message>
        <source>wrong class</source>
        <translation>falsche Klasse</translation>
    </message>
    <message>
        <source>invented</source>
        <translation>erfunden</translation>
    </message>
    <message>
        <source>where no object is</source>
        <translation>wo kein Objekt ist</translation>
    </message>
</context>
<context>
    <name>VocabularyDialog</name>
    <message>
        <source>Own labels</source>
        <translation>Eigene Beschriftungen</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>Listen</translation>
    </message>
    <message>
        <source>Labels of the list</source>
        <translation>Beschriftungen der Liste</translation>
    </message>
    <message>
        <source>One label per line</source>
        <translation>Eine Beschriftung je Zeile</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>My labels</source>
        <translation>Meine Beschriftungen</translation>
    </message>
    <message>
        <source>Texts (*.txt *.names *.csv);;All files (*)</source>
        <translation>Texte (*.txt *.names *.csv);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Labels, one per line</source>
        <translation>Beschriftungen, eine je Zeile</translation>
    </message>
    <message>
        <source>Labels of your own are offered while you type, beside CLEVR&apos;s and COCO&apos;s.</source>
        <translation>Eigene Beschriftungen werden beim Tippen angeboten, neben denen von CLEVR und COCO.</translation>
    </message>
    <message>
        <source>Labels in this list: {}</source>
        <translation>Beschriftungen in dieser Liste: {}</translation>
    </message>
</context>
</TS>
