//! Word lists for people and places that nobody has met.

/// What people and addresses of a country are made of.
#[derive(Debug)]
pub(super) struct Country {
    /// ISO 3166-1 alpha-3.
    pub(super) code: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(super) region: &'static str,
    pub(super) dial_code: &'static str,
    pub(super) first_names: &'static [&'static str],
    pub(super) last_names: &'static [&'static str],
    pub(super) streets: &'static [&'static str],
    /// City, state, and post code, in which `#` stands for any digit.
    pub(super) cities: &'static [(&'static str, &'static str, &'static str)],
    pub(super) house_number: HouseNumber,
}

/// Where the number of a house is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum HouseNumber {
    First,
    Last,
}

use HouseNumber::{First, Last};

pub(super) const COUNTRIES: &[Country] = &[
    Country {
        code: "USA",
        region: "US",
        dial_code: "1",
        first_names: &[
            "James", "Olivia", "Ethan", "Ava", "Liam", "Grace", "Noah", "Chloe", "Mason", "Harper",
            "Logan", "Zoe",
        ],
        last_names: &[
            "Walker", "Bennett", "Hayes", "Coleman", "Brooks", "Sanders", "Price", "Foster",
            "Jenkins", "O'Neal",
        ],
        streets: &[
            "Maple Avenue",
            "Oak Street",
            "2nd Street",
            "Lincoln Road",
            "Sunset Boulevard",
            "Elm Drive",
        ],
        cities: &[
            ("Austin", "TX", "787##"),
            ("Portland", "OR", "972##"),
            ("Boston", "MA", "021##"),
            ("Denver", "CO", "802##"),
            ("Atlanta", "GA", "303##"),
        ],
        house_number: First,
    },
    Country {
        code: "GBR",
        region: "GB",
        dial_code: "44",
        first_names: &[
            "Oliver", "Amelia", "George", "Isla", "Harry", "Poppy", "Arthur", "Freya", "Alfie",
            "Imogen",
        ],
        last_names: &[
            "Taylor",
            "Hughes",
            "Edwards",
            "Clarke",
            "Shaw",
            "Fletcher",
            "Barnes",
            "Whitaker",
            "Okafor-Lewis",
        ],
        streets: &[
            "High Street",
            "Station Road",
            "Church Lane",
            "Victoria Road",
            "Mill Lane",
            "The Crescent",
        ],
        cities: &[
            ("London", "Greater London", "E1 #AB"),
            ("Leeds", "West Yorkshire", "LS1 #DF"),
            ("Bristol", "Bristol", "BS1 #TR"),
            ("Glasgow", "Scotland", "G1 #HL"),
        ],
        house_number: First,
    },
    Country {
        code: "DEU",
        region: "DE",
        dial_code: "49",
        first_names: &[
            "Lukas", "Anna", "Jonas", "Lea", "Felix", "Jürgen", "Klara", "Björn", "Käthe", "Emil",
        ],
        last_names: &[
            "Schmidt", "Krüger", "Wagner", "Schäfer", "Hofmann", "Köhler", "Vogel", "Lindner",
            "Weiß",
        ],
        streets: &[
            "Hauptstraße",
            "Gartenweg",
            "Lindenallee",
            "Am Markt",
            "Goethestraße",
            "Ringstraße",
        ],
        cities: &[
            ("Berlin", "Berlin", "101##"),
            ("Hamburg", "Hamburg", "200##"),
            ("München", "Bayern", "803##"),
            ("Köln", "Nordrhein-Westfalen", "506##"),
        ],
        house_number: Last,
    },
    Country {
        code: "FRA",
        region: "FR",
        dial_code: "33",
        first_names: &[
            "Louis", "Chloé", "Hugo", "Inès", "Léon", "Manon", "Théo", "Élise", "Jules", "Zoé",
        ],
        last_names: &[
            "Moreau", "Lefèvre", "Girard", "Dubois", "Fournier", "Bérard", "Marchand", "Rousseau",
        ],
        streets: &[
            "rue de la Paix",
            "avenue Foch",
            "rue Victor Hugo",
            "place du Marché",
            "boulevard Voltaire",
        ],
        cities: &[
            ("Paris", "Île-de-France", "750##"),
            ("Lyon", "Auvergne-Rhône-Alpes", "690##"),
            ("Nantes", "Pays de la Loire", "440##"),
        ],
        house_number: First,
    },
    Country {
        code: "ESP",
        region: "ES",
        dial_code: "34",
        first_names: &[
            "Hugo", "Lucía", "Martín", "Sofía", "Álvaro", "Carmen", "Iván", "Noa", "Nuño",
        ],
        last_names: &[
            "García",
            "Fernández",
            "Ruiz",
            "Muñoz",
            "Navarro",
            "Iglesias",
            "Peña",
            "Vidal",
        ],
        streets: &[
            "Calle Mayor",
            "Calle del Sol",
            "Avenida de la Constitución",
            "Paseo del Prado",
        ],
        cities: &[
            ("Madrid", "Madrid", "280##"),
            ("Sevilla", "Andalucía", "410##"),
            ("Valencia", "Valencia", "460##"),
        ],
        house_number: Last,
    },
    Country {
        code: "ITA",
        region: "IT",
        dial_code: "39",
        first_names: &[
            "Luca", "Giulia", "Marco", "Chiara", "Niccolò", "Elena", "Davide", "Martina",
        ],
        last_names: &[
            "Ricci", "Conti", "Bruno", "De Luca", "Galli", "Fontana", "D'Angelo", "Moretti",
        ],
        streets: &[
            "Via Roma",
            "Via Garibaldi",
            "Corso Italia",
            "Via Dante",
            "Piazza del Duomo",
        ],
        cities: &[
            ("Milano", "MI", "201##"),
            ("Torino", "TO", "101##"),
            ("Bologna", "BO", "401##"),
        ],
        house_number: Last,
    },
    Country {
        code: "SWE",
        region: "SE",
        dial_code: "46",
        first_names: &[
            "Erik", "Elsa", "Oskar", "Åsa", "Gustav", "Maja", "Nils", "Märta",
        ],
        last_names: &[
            "Andersson",
            "Sjöberg",
            "Nyström",
            "Ekström",
            "Åkesson",
            "Bergman",
            "Holm",
        ],
        streets: &["Storgatan", "Drottninggatan", "Kungsgatan", "Björkvägen"],
        cities: &[
            ("Stockholm", "Stockholms län", "111 ##"),
            ("Göteborg", "Västra Götalands län", "411 ##"),
            ("Malmö", "Skåne län", "211 ##"),
        ],
        house_number: Last,
    },
    Country {
        code: "JPN",
        region: "JP",
        dial_code: "81",
        first_names: &[
            "Haruto", "Yui", "Sota", "Hina", "Ren", "Aoi", "Kaito", "Mio",
        ],
        last_names: &[
            "Sato",
            "Suzuki",
            "Takahashi",
            "Watanabe",
            "Ito",
            "Kobayashi",
            "Yamada",
        ],
        streets: &["Chuo-dori", "Sakura-dori", "Omotesando", "Aoyama"],
        cities: &[
            ("Tokyo", "Tokyo", "100-00##"),
            ("Osaka", "Osaka", "530-00##"),
            ("Sapporo", "Hokkaido", "060-00##"),
        ],
        house_number: First,
    },
    Country {
        code: "BRA",
        region: "BR",
        dial_code: "55",
        first_names: &[
            "João",
            "Mariana",
            "Pedro",
            "Beatriz",
            "Lucas",
            "Conceição",
            "Rafael",
            "Larissa",
        ],
        last_names: &[
            "Silva",
            "Souza",
            "Araújo",
            "Carvalho",
            "Gonçalves",
            "Barbosa",
            "Rocha",
        ],
        streets: &[
            "Rua das Flores",
            "Avenida Paulista",
            "Rua XV de Novembro",
            "Travessa do Sol",
        ],
        cities: &[
            ("São Paulo", "SP", "013##-000"),
            ("Curitiba", "PR", "800##-000"),
            ("Recife", "PE", "500##-000"),
        ],
        house_number: Last,
    },
    Country {
        code: "IND",
        region: "IN",
        dial_code: "91",
        first_names: &[
            "Arjun", "Ananya", "Rohan", "Diya", "Vikram", "Meera", "Kabir", "Isha",
        ],
        last_names: &[
            "Sharma",
            "Patel",
            "Iyer",
            "Reddy",
            "Kapoor",
            "Nair",
            "Chatterjee",
        ],
        streets: &["MG Road", "Park Street", "Brigade Road", "Station Road"],
        cities: &[
            ("Mumbai", "Maharashtra", "4000##"),
            ("Bengaluru", "Karnataka", "5600##"),
            ("Kolkata", "West Bengal", "7000##"),
        ],
        house_number: First,
    },
];

/// A name as it is written in an e-mail address: without accents, spaces and apostrophes.
pub(super) fn plain(name: &str, into: &mut String) {
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => into.push(letter),
            'ä' | 'å' | 'ã' | 'á' | 'à' => into.push('a'),
            'é' | 'è' => into.push('e'),
            'í' | 'ì' => into.push('i'),
            'ö' | 'ó' | 'ò' => into.push('o'),
            'ü' | 'ú' => into.push('u'),
            'ç' => into.push('c'),
            'ñ' => into.push('n'),
            'ß' => into.push_str("ss"),
            _ => {}
        }
    }
}
