package manifest

// translations are the texts in every language beside English, each with the file that the package has it in.
var translations = []struct {
	tag, file string
	texts
}{
	{"de", "de.json", german}, {"fr", "fr.json", french}, {"es", "es.json", spanish}, {"ja", "ja.json", japanese}, {"ar", "ar.json", arabic},
}

func additionalLanguages() []language {
	all := make([]language, len(translations))
	for i, t := range translations {
		all[i] = language{Tag: t.tag, File: t.file}
	}
	return all
}

var french = texts{
	short:   "Pintab pour Dynamics 365",
	full:    "Pintab pour Dynamics 365 : tableaux de bord et enregistrements là où vous échangez",
	summary: "Votre tableau de bord Dynamics 365 et vos enregistrements, dans Teams.",
	description: "Pintab amène Dynamics 365 là où votre équipe échange déjà.\n\n" +
		"Mon tableau de bord affiche le tableau de bord qui correspond à vous et à votre rôle, avec ses listes et ses graphiques. " +
		"Les enregistrements s’ouvrent dans leurs propres formulaires et s’y modifient ; ce que deux personnes modifient en même temps n’est jamais perdu. " +
		"Épinglez un enregistrement ou une vue à un canal, et chacun le voit avec ses propres droits : " +
		"ce que Dynamics 365 vous masque reste masqué ici.\n\n" +
		"Pintab nécessite Dynamics 365 ou Dataverse version 9 ou ultérieure. Il ne conserve aucune copie de vos enregistrements : " +
		"chaque page est lue avec vos propres autorisations au moment où vous l’ouvrez.",
	dashboard: "Mon tableau de bord",
	settings:  "Paramètres",
	commands: []command{
		{"Changer d’organisation", "Choisir une autre organisation ou application"},
		{"Aide", "Voir ce que vous pouvez demander"},
		{"Se déconnecter", "Mettre fin à votre session Dynamics 365 dans cette conversation"},
	},
}

var spanish = texts{
	short:   "Pintab para Dynamics 365",
	full:    "Pintab para Dynamics 365: paneles y registros allí donde conversa",
	summary: "Su panel de Dynamics 365 y sus registros, dentro de Teams.",
	description: "Pintab lleva Dynamics 365 al lugar donde su equipo ya conversa.\n\n" +
		"Mi panel muestra el panel que corresponde a usted y a su rol, con sus listas y gráficos. " +
		"Los registros se abren en sus propios formularios y se cambian allí; lo que dos personas cambian a la vez nunca se pierde. " +
		"Ancle un registro o una vista a un canal y todos lo verán con sus propios permisos: " +
		"lo que Dynamics 365 le oculta sigue oculto aquí.\n\n" +
		"Pintab necesita Dynamics 365 o Dataverse versión 9 o posterior. No guarda ninguna copia de sus registros: " +
		"cada página se lee con sus propios permisos en el momento en que la abre.",
	dashboard: "Mi panel",
	settings:  "Configuración",
	commands: []command{
		{"Cambiar organización", "Elegir otra organización o aplicación"},
		{"Ayuda", "Ver qué puede preguntar"},
		{"Cerrar sesión", "Finalizar su sesión de Dynamics 365 en esta conversación"},
	},
}

var japanese = texts{
	short:   "Pintab for Dynamics 365",
	full:    "Pintab for Dynamics 365: 会話の場でダッシュボードとレコードを",
	summary: "Dynamics 365 のダッシュボードとレコードを Teams で。",
	description: "Pintab は、チームが会話している場所に Dynamics 365 を届けます。\n\n" +
		"マイ ダッシュボードには、自分とそのロールに応じたダッシュボードが、一覧やグラフとともに表示されます。" +
		"レコードはそれぞれのフォームで開き、その場で変更できます。二人が同時に変更しても、失われることはありません。" +
		"レコードやビューをチャネルにピン留めすると、全員がそれぞれの権限で見ることができます。" +
		"Dynamics 365 で見えないものは、ここでも見えません。\n\n" +
		"Pintab には、Dynamics 365 または Dataverse のバージョン 9 以降が必要です。レコードの写しは保持しません。" +
		"どのページも、開いた時点で自分の権限を使って読み取られます。",
	dashboard: "マイ ダッシュボード",
	settings:  "設定",
	commands: []command{
		{"組織の変更", "別の組織またはアプリを選択します"},
		{"ヘルプ", "質問できる内容を表示します"},
		{"サインアウト", "この会話での Dynamics 365 のセッションを終了します"},
	},
}

var arabic = texts{
	short:   "Pintab لـ Dynamics 365",
	full:    "Pintab لـ Dynamics 365: لوحات المعلومات والسجلات حيث تتحدثون",
	summary: "لوحة معلومات Dynamics 365 والسجلات، داخل Teams.",
	description: "يأتي Pintab بـ Dynamics 365 إلى المكان الذي يتحدث فيه فريقك.\n\n" +
		"تعرض لوحة معلوماتي لوحة المعلومات التي تخصك وتخص دورك، بقوائمها ومخططاتها. " +
		"تُفتح السجلات في نماذجها وتُغيَّر فيها، ولا يضيع ما يغيّره شخصان في الوقت نفسه. " +
		"ثبّت سجلاً أو طريقة عرض في قناة، ويراه كل شخص بصلاحياته: " +
		"ما يخفيه Dynamics 365 عنك يبقى مخفيًا هنا.\n\n" +
		"يتطلب Pintab الإصدار 9 أو أحدث من Dynamics 365 أو Dataverse. ولا يحتفظ بأي نسخة من سجلاتك: " +
		"تُقرأ كل صفحة بصلاحياتك أنت في لحظة فتحها.",
	dashboard: "لوحة معلوماتي",
	settings:  "الإعدادات",
	commands: []command{
		{"تغيير المؤسسة", "اختيار مؤسسة أو تطبيق آخر"},
		{"مساعدة", "عرض ما يمكنك طلبه"},
		{"تسجيل الخروج", "إنهاء جلستك مع Dynamics 365 في هذه المحادثة"},
	},
}
